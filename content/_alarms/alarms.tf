# Alarms of ContentGen. The topic is in the module of the shared resources.

resource "aws_cloudwatch_metric_alarm" "contentgen_errors" {
  alarm_name          = "ContentGenErrorsAlarm"
  alarm_description   = "ContentGen fails; requests are lost after three tries. [Runbook](https://runbooks.virtualagentics.example/alerts/ContentGenErrorsAlarm/)"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = "va-prod-contentgen-lambda" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.ops_alerts.arn]

  tags = {
    Severity = "P1"
    Owner    = "ai-engineering"
  }
}

resource "aws_cloudwatch_metric_alarm" "contentgen_high_duration" {
  alarm_name          = "ContentGenHighDurationAlarm"
  alarm_description   = "ContentGen is slow. [Runbook](https://runbooks.virtualagentics.example/alerts/ContentGenHighDurationAlarm/)"
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = "va-prod-contentgen-lambda" }
  extended_statistic  = "p95"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10000
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.ops_alerts.arn]

  tags = {
    Severity = "P2"
    Owner    = "ai-engineering"
  }
}

resource "aws_cloudwatch_metric_alarm" "contentgen_no_content" {
  alarm_name = "ContentGenNoContentAlarm"

  alarm_description = <<-EOT
    No article was written in 24 hours.
    [Runbook](https://runbooks.virtualagentics.example/alerts/ContentGenNoContentAlarm/)
  EOT

  namespace           = "VirtualAgentics/ContentGen"
  metric_name         = "ContentGen.SuccessCount"
  statistic           = "Sum"
  period              = 86400
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.ops_alerts.arn]

  tags = {
    Severity = "P3"
    Owner    = "ai-engineering"
  }
}
