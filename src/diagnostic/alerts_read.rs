//! How much was read of the sources of alerts, so that a check which passes says what it has looked at.

use serde::Serialize;

/// What was read of all sources of alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlertsRead {
    /// What was read of each kind of source, in the order of their names.
    pub sources: Vec<SourceRead>,
    /// How many listed files hold no alert.
    pub files_without_alerts: usize,
    /// How many listed files could not be read at all.
    pub files_not_read: usize,
}

/// What was read of one kind of source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceRead {
    /// The tool that the sources were written for, as shown.
    pub kind: &'static str,
    /// The files with such alerts.
    pub files: usize,
    /// The alerts.
    pub alerts: usize,
    /// Those whose name is computed, wholly or in part.
    pub computed: usize,
    /// What of these files could not be read.
    pub skipped: usize,
}

impl AlertsRead {
    /// What was read of a kind of source, to be counted on.
    pub(crate) fn source(&mut self, kind: &'static str) -> &mut SourceRead {
        let index = match self.sources.binary_search_by(|source| source.kind.cmp(kind)) {
            Ok(index) => index,
            Err(index) => {
                self.sources.insert(index, SourceRead { kind, ..SourceRead::default() });
                index
            }
        };
        &mut self.sources[index]
    }

    /// A line for each kind of source, and one for the files of which nothing is known; none where none is listed.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.sources.iter().map(SourceRead::line).collect();
        let files = |count: usize| if count == 1 { "file" } else { "files" };
        let (empty, unread) = (self.files_without_alerts, self.files_not_read);
        let mut others = Vec::new();
        if empty > 0 {
            others.push(format!("{empty} listed {} without alerts", files(empty)));
        }
        if unread > 0 {
            others.push(format!("{unread} listed {} not read", files(unread)));
        }
        if !others.is_empty() {
            lines.push(others.join(", "));
        }
        lines
    }
}

impl SourceRead {
    /// "`CloudFormation`: 177 alerts in 69 files, 171 names computed, 1 part skipped".
    fn line(&self) -> String {
        let counted = |count: usize, one: &str| {
            let more = if count == 1 { "" } else { "s" };
            format!("{count} {one}{more}")
        };
        let alerts = counted(self.alerts, "alert");
        let mut line = format!("{}: {alerts} in {}", self.kind, counted(self.files, "file"));
        if self.computed > 0 {
            line.push_str(&format!(", {} computed", counted(self.computed, "name")));
        }
        if self.skipped > 0 {
            line.push_str(&format!(", {} skipped", counted(self.skipped, "part")));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::AlertsRead;

    #[test]
    fn each_kind_has_a_line_and_what_holds_nothing_has_one_together() {
        let mut read = AlertsRead::default();
        assert_eq!(read.lines(), Vec::<String>::new());
        read.source("Terraform").alerts += 1;
        read.source("Terraform").files += 1;
        let source = read.source("CloudFormation");
        (source.alerts, source.files, source.computed, source.skipped) = (7, 2, 3, 1);
        (read.files_without_alerts, read.files_not_read) = (1, 2);
        assert_eq!(
            read.lines(),
            [
                "CloudFormation: 7 alerts in 2 files, 3 names computed, 1 part skipped",
                "Terraform: 1 alert in 1 file",
                "1 listed file without alerts, 2 listed files not read",
            ]
        );
    }
}
