//! What commands do: the one table, to read and to add to.
//!
//! A family's rules are tried in order and the first that fits decides. In a pattern, plain words stand for the
//! command's own words in order (`a|b` either, `get-*` whatever begins so, `*` any), and words with a dash for
//! options wherever they stand. Whatever destroys says what is lost, as a sentence without its full stop.

use super::rule::{
    CommandRule, Effect, Family, Wrapper, always, changes, destroys, reads, through, tool,
};

/// What `mkfs` and its relations do.
pub(super) const FORMATTED: &str = "Deletes everything on the device";

/// Shells, and what runs one: with `-c` the next word is a script.
pub(super) const SHELLS: &[&str] = &["sh", "bash", "zsh", "ksh", "dash", "ash", "su", "runuser"];

/// Commands to look through.
pub(super) const WRAPPERS: &[Wrapper] = &[
    Wrapper {
        interactive: true,
        ..through("sudo|doas", "-u -g -h -p -C -T -U -r -t -D -R --user --group", 0)
    },
    through("env", "-u -C --unset --chdir", 0),
    through("time|nohup|setsid|exec|command|builtin|unbuffer|caffeinate", "", 0),
    through("nice|ionice|chrt|taskset|stdbuf", "-n -c -p -i -o -e", 0),
    through("timeout|gtimeout", "-s -k --signal --kill-after", 1),
    through("xargs|parallel", "-n -P -I -L -d -a -s -E -j --max-args --max-procs --delimiter", 0),
    through("strace|ltrace|perf", "-p -e -o -f", 0),
    through("chroot", "", 1),
    through("nsenter|unshare", "-t --target", 0),
    through("aws-vault", "", 2),
    through("k3s|microk8s", "", 0),
    Wrapper { script: true, ..through("watch", "-n --interval", 0) },
    Wrapper { script: true, ..through("eval", "", 0) },
    Wrapper {
        script: true,
        interactive: true,
        ..through("ssh|autossh", "-i -p -l -o -F -J -L -R -D -b -c -e -m -S -W -w -E -Q", 1)
    },
    Wrapper {
        interactive: true,
        ..through(
            "kubectl exec|oc exec|k exec|oc rsh|kubectl debug|oc debug",
            "-n --namespace -c --container --context --image --target --kubeconfig --as",
            2,
        )
    },
    Wrapper {
        interactive: true,
        ..through(
            "docker exec|podman exec|nerdctl exec|crictl exec|docker-compose exec|docker-compose run",
            "-u -w -e --user --workdir --env",
            2,
        )
    },
];

/// Everything that the table knows.
pub(super) const FAMILIES: &[Family] = &[
    tool(
        "kubectl oc k",
        "-n --namespace --context --kubeconfig --cluster --user --as -l --selector -s --server --token -o -f --filename",
        KUBECTL,
    ),
    tool("helm", "-n --namespace --kube-context --kubeconfig", HELM),
    tool(
        "helmfile",
        "-e --environment -f --file -l --selector -n --namespace --kube-context",
        HELMFILE,
    ),
    tool(
        "aws",
        "--region --profile --output --endpoint-url --query --color --ca-bundle --cli-read-timeout",
        AWS,
    ),
    tool("terraform tofu terragrunt", "", TERRAFORM),
    tool("git", "-C -c --git-dir --work-tree", GIT),
    tool(
        "docker podman nerdctl",
        "-H --host --context --log-level -f --file -p --project-name --profile --env-file --project-directory",
        DOCKER,
    ),
    tool("docker-compose", "-f --file -p --project-name --profile", COMPOSE),
    tool("crictl ctr", "-r -n --namespace --address", CRICTL),
    tool("systemctl", "-n -t --type --state -H -p --property", SYSTEMCTL),
    tool("journalctl", "-u -n", JOURNALCTL),
    tool("redis-cli valkey-cli", "-h -p -a -n -u --user --pass", REDIS),
    tool("etcdctl etcdutl", "--endpoints --cacert --cert --key -w --write-out", ETCDCTL),
    tool("gh", "-R --repo", GH),
    tool("gcloud", "--project --region --zone --format", GCLOUD),
    tool("gsutil", "-h -o", GSUTIL),
    tool("bq", "", BQ),
    tool("openstack", "--os-cloud --os-project-name", OPENSTACK),
    tool("doctl hcloud linode-cli scw", "--context", OPENSTACK),
    tool("eksctl", "", EKSCTL),
    tool("kubeadm", "", KUBEADM),
    tool("kops", "--name --state", KOPS),
    tool("pulumi", "-s --stack -C --cwd", PULUMI),
    tool("cdk sam serverless sls", "", STACKS),
    tool("az", "-g --resource-group -n --name --subscription -o --output", AZ),
    tool("vault", "-mount -namespace", VAULT),
    tool("consul nomad", "", NOMAD),
    tool("flux argocd argo", "-n --namespace", GITOPS),
    tool("velero", "-n --namespace", VELERO),
    tool("ceph rbd", "", CEPH),
    tool("istioctl", "-n --namespace -i --istioNamespace --context", ISTIO),
    tool("cmctl", "-n --namespace --context", CMCTL),
    tool("virtctl", "-n --namespace", VIRTCTL),
    tool("amtool", "--alertmanager.url", AMTOOL),
    tool(KAFKA_TOOLS, "", KAFKA),
    always(
        "kafka-delete-records kafka-delete-records.sh kafka-streams-application-reset kafka-streams-application-reset.sh",
        Effect::Destroys("Deletes messages, cannot be undone"),
    ),
    always(
        "kafka-leader-election kafka-leader-election.sh kafka-console-producer kafka-console-producer.sh",
        Effect::Changes,
    ),
    always(KAFKA_LOOKING, Effect::Reads),
    tool("rabbitmqctl", "-n -p", RABBITMQ),
    tool("rabbitmqadmin", "-H -P -u -p -V --host --vhost", RABBITMQADMIN),
    always("rabbitmq-diagnostics", Effect::Reads),
    tool("nodetool", "-h -p -u -pw -pwf", NODETOOL),
    always("cqlsh mongosh mongo sqlcmd", Effect::Unknown),
    always("mongodump mongoexport mongostat mongotop", Effect::Reads),
    tool(
        "mongorestore",
        "",
        &[reads("--dryRun"), destroys("--drop", "Overwrites the target"), changes("")],
    ),
    always("mongoimport", Effect::Changes),
    tool("patronictl", "-c", PATRONI),
    tool("pgbackrest barman wal-g", "", POSTGRES_BACKUPS),
    tool("rclone", "--config", RCLONE),
    tool("nginx", "", &[reads("-t"), reads("-T"), reads("-v"), reads("-V"), changes("-s")]),
    tool(
        "ansible ansible-playbook",
        "",
        &[reads("--check|-C"), reads("--list-hosts|--list-tasks|--syntax-check"), changes("*")],
    ),
    tool("apt apt-get yum dnf apk zypper brew pip pip3 npm gem snap dpkg rpm", "", PACKAGES),
    always(
        "ansible-inventory ansible-doc ansible-lint ansible-config ansible-galaxy",
        Effect::Reads,
    ),
    tool("curl", "", CURL),
    always("wget http https xh xhs", Effect::Reads),
    tool(
        "rsync",
        "",
        &[
            reads("-n|--dry-run"),
            destroys("--delete|--delete-after", "Deletes what the source does not have"),
            changes("*"),
        ],
    ),
    tool("sed", "", &[changes("-i|--in-place"), reads("*"), reads("-n|-e|-E")]),
    tool("find", "", &[destroys("-delete", "Deletes the files that are found"), reads("*")]),
    tool(
        "iptables ip6tables",
        "",
        &[
            reads("-L|-S|--list"),
            destroys("-F|--flush", "Removes all rules of the chain"),
            destroys("-X", "Removes the chain"),
            changes("-A|-I|-D|-R|-P|-N|-t"),
        ],
    ),
    tool(
        "nft ufw firewall-cmd",
        "",
        &[
            reads("list|status"),
            reads("--list-all|--state|--query-port"),
            destroys("flush|reset", "Removes the rules"),
            changes("*"),
            changes("--add-port|--add-service|--remove-port|--reload|--permanent"),
        ],
    ),
    tool("ip", "", IP),
    tool("sysctl", "", &[changes("-w|-p|--write|--system"), reads("-a"), reads("*")]),
    tool(
        "crontab",
        "-u",
        &[destroys("-r", "Deletes the whole crontab"), reads("-l"), changes("-e"), changes("*")],
    ),
    tool("swapoff swapon mount umount", "", &[reads("-s|--show|-l"), changes("*"), changes("-a")]),
    tool(
        "tar gtar",
        "",
        &[reads("-t|--list"), reads("t*"), changes("-x|--extract"), reads("*"), reads("-c")],
    ),
    tool("gzip gunzip", "", &[reads("-l|-t|-c|-k"), changes("*")]),
    tool(
        "tmutil zfs",
        "",
        &[
            reads("list|get"),
            destroys("destroy", "Deletes the dataset with its snapshots"),
            destroys("rollback", "Discards what was written since the snapshot"),
            changes("*"),
        ],
    ),
    tool(
        "zpool",
        "",
        &[
            reads("list|status|get|iostat|history"),
            destroys("destroy|labelclear", "Deletes the pool with everything in it"),
            changes("*"),
        ],
    ),
    tool(
        "pvremove vgremove lvremove wipefs",
        "",
        &[destroys("", "Deletes the volume with everything on it")],
    ),
    tool(
        "lvextend vgextend pvresize resize2fs xfs_growfs growpart lvcreate vgcreate pvcreate",
        "",
        &[changes("")],
    ),
    tool(
        "parted fdisk sgdisk gdisk sfdisk",
        "",
        &[
            reads("-l|--list|-p"),
            destroys("-Z|-z|-o|-d", "Deletes partitions with everything on them"),
            changes("*"),
        ],
    ),
    tool(
        "mdadm",
        "",
        &[
            reads("--detail|-D|--examine|-E"),
            destroys("--zero-superblock", "Deletes the device's place in the array"),
            changes("*"),
        ],
    ),
    tool("kill pkill killall", "-s --signal", &[reads("-0|-l|-L"), changes("")]),
    tool("date hostname", "-d", &[changes("-s|--set"), reads("")]),
    tool("psql mysql mariadb", "-h -U -d -p -P -u -D", &[reads("-l|--list")]),
    tool("pg_ctl pg_ctlcluster", "-D", &[reads("status"), changes("*")]),
    tool("virsh", "-c", VIRSH),
    tool("crm pcs", "", &[reads("status|config"), changes("*")]),
    always("rm unlink", Effect::Destroys("Deletes the files, cannot be undone")),
    always("rmdir", Effect::Changes),
    always("shred", Effect::Destroys("Overwrites the files, cannot be undone")),
    always("dd", Effect::Destroys("Overwrites the target")),
    always("mkfs", Effect::Destroys(FORMATTED)),
    always("truncate", Effect::Destroys("Discards the end of the file, or all of it")),
    always("dropdb", Effect::Destroys("Deletes the database with all its tables")),
    always("dropuser", Effect::Destroys("Deletes the account and what it was granted")),
    always("userdel groupdel deluser delgroup", Effect::Destroys("Deletes the account")),
    always("createdb createuser pg_repack vacuumdb reindexdb mysqlimport initdb", Effect::Changes),
    tool(
        "pg_restore",
        "",
        &[reads("-l|--list"), destroys("--clean", "Overwrites the target"), changes("")],
    ),
    tool(
        "mysqladmin",
        "-u -h -P",
        &[
            destroys("drop", "Deletes the database with all its tables"),
            reads("processlist|proc|status|extended-status|ext|ping|variables|var|version|ver"),
            changes("*"),
        ],
    ),
    always("pg_rewind", Effect::Destroys("Overwrites the target")),
    always(
        "pg_dump pg_dumpall pg_basebackup pg_waldump mysqldump pg_isready pg_controldata",
        Effect::Reads,
    ),
    always("mv cp ln install touch chmod chown chgrp chattr setfacl patch tee", Effect::Changes),
    always("useradd usermod groupadd passwd adduser visudo", Effect::Changes),
    always("reboot shutdown poweroff halt init telinit", Effect::Changes),
    tool("service rc-service", "", &[reads("* status"), reads("--status-all"), changes("*")]),
    tool(
        "supervisorctl monit initctl svc",
        "-c",
        &[reads("status|summary|report|tail|avail|pid|version|list"), changes("*")],
    ),
    tool(
        "ipmitool",
        "-H -U -P -I -L -f",
        &[
            changes("chassis power on|off|cycle|reset|soft|diag"),
            changes("power on|off|cycle|reset|soft|diag"),
            changes("mc|bmc reset"),
            destroys("sel clear", "Deletes what is named"),
            reads("*"),
        ],
    ),
    tool("fuser", "", &[changes("-k|--kill"), reads("*")]),
    tool(
        "dmesg",
        "",
        &[destroys("-C|--clear|-c|--read-clear", "Deletes what is named"), reads("")],
    ),
    tool("kcat kafkacat", "-b -t -p -X -F", &[changes("-P"), reads("")]),
    tool("postsuper", "", &[destroys("-d", "Deletes messages"), changes("")]),
    always("mailq", Effect::Reads),
    tool("postqueue", "", &[reads("-p|-j"), changes("")]),
    tool(
        "certbot",
        "",
        &[
            reads("certificates|--dry-run"),
            destroys("delete|revoke", "Deletes what is named"),
            changes("*"),
        ],
    ),
    tool(
        "chronyc",
        "-h -p",
        &[reads("tracking|sources|sourcestats|activity|ntpdata|clients"), changes("*")],
    ),
    always("ntpq ntpstat", Effect::Reads),
    tool(
        "rndc unbound-control",
        "-c -s -p",
        &[reads("status|stats*|dump*|list_*|lookup"), changes("*")],
    ),
    tool(
        "nmcli",
        "",
        &[
            destroys("connection|con|c delete|del", "Deletes what is named"),
            changes(
                "connection|con|c|device|dev|d|networking|radio|n up|down|modify|mod|add|edit|reload|connect|disconnect|reapply|set|on|off|import",
            ),
            reads(""),
        ],
    ),
    always(
        "modprobe insmod rmmod setenforce semanage restorecon timedatectl hostnamectl localectl loginctl renice",
        Effect::Changes,
    ),
    always("scp sftp ssh-copy-id", Effect::Changes),
    always("minikube kind", Effect::Unknown),
    always(LOOKING, Effect::Reads),
    always(LOCAL, Effect::Reads),
];

/// What only looks, whatever its arguments.
const LOOKING: &str = "cat less more head tail grep egrep fgrep zgrep zcat rg ag awk gawk jq yq cut sort uniq wc tr \
    column diff comm cmp nl od xxd hexdump strings base64 md5sum sha256sum sha1sum file stat ls ll tree du df lsblk blkid \
    ps pgrep pidof pstree top htop atop iotop vmstat iostat mpstat sar free uptime who w last id whoami groups uname \
    lscpu lsmod lspci lsusb lsof ss netstat ping ping6 traceroute tracepath mtr dig nslookup host whois nc ncat \
    telnet tcpdump openssl getent printenv pmap stern kubectx kubens k9s promtool smartctl findmnt \
    tac rev fold paste join seq bc numfmt gron dyff hostid arp ethtool nproc locate which whereis type man info apropos \
    logger numastat sensors xmllint ldapsearch snmpwalk nmap pgbadger pg_top";

/// What concerns the reader's own shell only.
const LOCAL: &str = "cd pushd popd pwd echo printf export unset set source . alias true false test [ [[ read sleep wait \
    return exit break continue local declare typeset readonly shift getopts umask ulimit history clear mkdir mktemp \
    basename dirname realpath readlink for select case function let trap hash dirs disown jobs fg bg tput \
    yes expr mapfile readarray : #";

const KUBECTL: &[CommandRule] = &[
    reads("--dry-run"),
    destroys(
        "delete namespace|namespaces|ns|project",
        "Deletes the namespace with everything in it, cannot be undone",
    ),
    destroys(
        "delete pvc|pv|persistentvolumeclaim|persistentvolumeclaims|persistentvolume",
        "Deletes the volume, and as a rule the data on it",
    ),
    destroys(
        "delete pod|pods|po",
        "Stops the pods and deletes them; only a controller starts new ones",
    ),
    destroys("delete job|jobs|cronjob|cronjobs", "Deletes the job with its pods and their logs"),
    destroys("delete secret|secrets", "Deletes the secret, cannot be undone"),
    destroys(
        "delete crd|customresourcedefinition|customresourcedefinitions",
        "Deletes the definition with every object of its kind",
    ),
    destroys("delete node|nodes", "Removes the node from the cluster"),
    destroys("delete", "Deletes the objects from the cluster"),
    destroys("drain", "Evicts every pod from the node"),
    destroys("adm drain", "Evicts every pod from the node"),
    destroys("adm prune --confirm", "Deletes old objects from the cluster"),
    destroys("adm groups prune --confirm", "Deletes old objects from the cluster"),
    reads("adm prune"),
    reads("set env|volume|volumes --list"),
    destroys("apply --prune", "Deletes what the source does not have"),
    destroys("replace --force", "Deletes the object and makes it again"),
    reads(
        "get|describe|logs|log|top|explain|api-resources|api-versions|version|cluster-info|wait|diff|events|status|whoami|kustomize|completion|options|plugin|port-forward|proxy",
    ),
    reads("auth can-i|whoami"),
    reads("alpha events"),
    reads("adm policy who-can|scc-review|scc-subject-review"),
    reads("policy who-can|can-i"),
    reads("extract --to=-"),
    reads("registry"),
    reads("config view|get-contexts|current-context|get-clusters|use-context|set-context"),
    reads("rollout status|history"),
    changes("adm release mirror"),
    changes("image mirror|append"),
    reads("adm top|must-gather|node-logs|inspect|release"),
    changes("adm upgrade channel|accept|rollback"),
    changes("adm upgrade --to"),
    changes("adm upgrade --to-latest"),
    changes("adm upgrade --to-image"),
    changes("adm upgrade --clear"),
    reads("adm upgrade"),
    reads("project|projects|login|image"),
    changes("cert-manager renew|approve|deny|create|upgrade|convert"),
    reads("krew|cert-manager|tree|neat|ctx|ns"),
    changes(
        "apply|create|scale|patch|edit|replace|set|label|annotate|taint|cordon|uncordon|expose|autoscale|run|cp|attach|rollout|certificate|rsync|new-app|process|start-build|cancel-build|new-build|new-project|rollback|idle|secrets|serviceaccounts|import-image|tag|policy|extract",
    ),
    changes("adm"),
    changes("config"),
];

const HELM: &[CommandRule] = &[
    reads("--dry-run"),
    destroys("uninstall|delete|del|un", "Deletes the release with all its objects"),
    destroys("upgrade|rollback --force", "Deletes the object and makes it again"),
    reads(
        "list|ls|status|history|hist|get|show|inspect|template|lint|search|version|env|diff|repo|dependency|pull|verify",
    ),
    changes("install|upgrade|rollback|test|push|plugin"),
];

const AWS: &[CommandRule] = &[
    reads("--dry-run|--dryrun"),
    destroys("sqs purge-queue", "Deletes all messages in the queue, cannot be undone"),
    destroys("sqs delete-message*", "Deletes the message, cannot be undone"),
    destroys("sqs delete-queue", "Deletes the queue with all its messages, cannot be undone"),
    destroys("s3 rm --recursive", "Deletes all objects under the prefix"),
    destroys("s3 rm", "Deletes the object"),
    destroys("s3 rb", "Deletes the bucket"),
    destroys("s3 sync --delete", "Deletes objects that the source does not have"),
    destroys("s3api delete-bucket", "Deletes the bucket"),
    destroys("s3api delete-object*", "Deletes the objects"),
    destroys("dynamodb delete-table", "Deletes the table with all its items, cannot be undone"),
    destroys("dynamodb delete-item", "Deletes the item, cannot be undone"),
    destroys(
        "ec2 release-address|release-hosts",
        "Gives the address or host back to the pool of all",
    ),
    destroys("ec2 terminate-instances", "Terminates the instances and deletes their local disks"),
    destroys(
        "ec2 delete-volume|delete-snapshot",
        "Deletes the volume or snapshot, cannot be undone",
    ),
    destroys("rds delete-*", "Deletes the database or its snapshots"),
    destroys("lambda delete-function", "Deletes the function, or the version of it, that is named"),
    destroys("cloudformation delete-stack", "Deletes the stack with its resources"),
    destroys("logs delete-log-group|delete-log-stream", "Deletes the log events, cannot be undone"),
    destroys("kms schedule-key-deletion|disable-key", "Makes what the key encrypted unreadable"),
    destroys("secretsmanager delete-secret", "Deletes the secret"),
    destroys("kinesis delete-stream", "Deletes the stream with its records, cannot be undone"),
    destroys("ecr batch-delete-image|delete-repository", "Deletes the images"),
    destroys("* delete-*|batch-delete-*", "Deletes what is named"),
    destroys("* terminate-*", "Terminates what is named"),
    destroys("* purge-*", "Deletes everything in it, cannot be undone"),
    destroys(
        "ec2 detach-volume --force",
        "Takes the volume away unwritten: data on it may be lost",
    ),
    changes("elb|elbv2|ecs deregister-*"),
    destroys("* deregister-*", "Takes what is named out of service"),
    destroys("autoscaling * --force-delete", "Deletes the group with its instances"),
    reads("s3 ls|presign"),
    reads("sso|configure"),
    reads("sts"),
    reads("eks update-kubeconfig|get-token"),
    reads("s3 cp s3://* -"),
    reads("athena start-query-execution"),
    reads("logs start-query|start-live-tail|stop-query"),
    reads(
        "* describe-*|list-*|get-*|head-*|batch-get-*|tail|wait|filter-*|query|scan|search*|lookup-*|test-*|validate-*|simulate-*|preview-*|estimate-*|select-*|detect-*|view-*|check-*",
    ),
    changes("s3|s3api|deploy"),
    changes("sqs receive-message|send-*|start-*|change-*"),
    changes(
        "* put-*|update-*|create-*|invoke*|publish*|start-*|stop-*|reboot-*|set-*|enable-*|disable-*|modify-*|attach-*|detach-*|associate-*|disassociate-*|send-*|tag-*|untag-*|add-*|remove-*|register-*|restore-*|reset-*|rotate-*|run-*|execute-*|change-*|copy-*|cancel-*|complete-*|authorize-*|revoke-*|allocate-*|release-*|import-*|promote-*|failover-*|switchover-*|apply-*|batch-write-*|batch-put-*|transact-write-*|deploy|redrive-*|resume-*|suspend-*|request-*|retry-*|assign-*|unassign-*|replace-*|upload-*|purchase-*|increase-*|decrease-*|admin-*|force-*",
    ),
];

const TERRAFORM: &[CommandRule] = &[
    destroys("destroy", "Destroys everything that the configuration manages"),
    destroys("apply -destroy", "Destroys everything that the configuration manages"),
    destroys("run-all|run destroy", "Destroys everything that the configurations manage"),
    destroys("destroy-all", "Destroys everything that the configurations manage"),
    reads("run-all|run plan|show|output|validate|init|providers|fmt|graph|version"),
    reads("plan-all|output-all|validate-all|hclfmt|render-json|validate-inputs|graph-dependencies"),
    changes("run-all|run apply|refresh|import"),
    changes("apply-all"),
    changes("init -migrate-state"),
    destroys("apply -replace", "Deletes the object and makes it again"),
    destroys("state rm", "Forgets the resources: they stay, and nothing manages them"),
    destroys("state push", "Overwrites the state that is there"),
    destroys("force-unlock", "Takes the lock from whoever may still be writing the state"),
    destroys("workspace delete", "Deletes the workspace's state"),
    reads("plan|show|output|validate|fmt|version|providers|graph|console|init|get|login"),
    reads("state list|show|pull"),
    reads("workspace list|show|select"),
    changes("apply|import|refresh|taint|untaint|state|workspace|test"),
];

const GIT: &[CommandRule] = &[
    destroys("reset --hard", "Discards all changes that are not committed"),
    destroys("push --force|-f|--force-with-lease", "Overwrites what others have pushed"),
    destroys("push --delete|-d", "Deletes the branch on the remote"),
    reads("clean -n|--dry-run"),
    destroys("clean", "Deletes files that git does not track"),
    destroys("checkout -f|--force", "Discards all changes that are not committed"),
    destroys("branch -D", "Deletes the branch, with commits that are nowhere else"),
    destroys("stash drop|clear", "Deletes the stashed changes"),
    destroys("reflog expire", "Deletes the way back to lost commits"),
    destroys("filter-branch|filter-repo", "Rewrites the whole history"),
    changes("branch -d|-m|-M|--delete|--move"),
    changes("remote add|remove|rm|set-url"),
    changes("tag -d|-a|-s"),
    reads(
        "status|log|diff|show|blame|branch|remote|fetch|ls-files|ls-remote|rev-parse|rev-list|describe|grep|clone|shortlog|cat-file|config|bisect|reflog|worktree",
    ),
    reads("stash list|show"),
    changes(
        "push|pull|merge|rebase|commit|add|rm|mv|checkout|switch|restore|reset|revert|cherry-pick|stash|tag|init|submodule|am|apply",
    ),
];

const DOCKER: &[CommandRule] = &[
    destroys("rmi", "Deletes the images"),
    destroys("image rm|prune", "Deletes the images"),
    destroys("builder|buildx prune", "Deletes the build cache"),
    destroys("stack rm|remove|down", "Deletes the stack with its resources"),
    destroys("service|config rm|remove", "Deletes what is named"),
    destroys("secret rm|remove", "Deletes the secret"),
    destroys("swarm leave --force|-f", "Takes the node out of its cluster"),
    reads("manifest|buildx inspect|ls|du|version"),
    reads("service|stack|node|swarm|config|secret ls|list|ps|services|inspect|logs|ca"),
    destroys("volume rm|prune", "Deletes volumes with the data on them"),
    destroys("network rm|remove|prune", "Deletes the networks"),
    destroys("system prune", "Deletes stopped containers, unused networks and images"),
    destroys("container rm|prune", "Removes containers with what was written in them"),
    destroys("rm", "Removes the container with what was written in it"),
    destroys("compose down -v|--volumes", "Removes the containers and their volumes with the data"),
    destroys("compose rm", "Removes the containers with what was written in them"),
    reads("compose ps|logs|config|top|images|ls"),
    changes("compose"),
    reads(
        "ps|images|logs|inspect|stats|top|version|info|port|diff|events|history|search|login|context",
    ),
    reads(
        "image|container|network|volume|system ls|list|inspect|df|history|logs|stats|top|events|info",
    ),
    changes(
        "run|start|stop|restart|kill|pause|unpause|pull|push|build|tag|rmi|create|update|cp|rename|load|save|import|export|commit|image|network|volume|container|swarm|service|stack|node|attach|wait|buildx",
    ),
];

const COMPOSE: &[CommandRule] = &[
    destroys("down -v|--volumes", "Removes the containers and their volumes with the data"),
    destroys("rm", "Removes the containers with what was written in them"),
    reads("ps|logs|config|top|images|ls|version"),
    changes("*"),
];

const CRICTL: &[CommandRule] = &[
    reads("ps|pods|images|logs|inspect|inspectp|inspecti|stats|info|version|containers|tasks"),
    destroys("rm|rmp", "Removes the containers with what was written in them"),
    destroys("rmi", "Deletes the images"),
    changes("stop|stopp|start|pull|run|runp|create|update|checkpoint"),
];

const SYSTEMCTL: &[CommandRule] = &[
    reads("status|show|list-*|is-*|cat|get-default|help|show-environment"),
    destroys("clean", "Deletes what the unit has stored"),
    changes(
        "start|stop|restart|reload|try-restart|reload-or-restart|enable|disable|mask|unmask|daemon-reload|daemon-reexec|kill|isolate|edit|set-property|set-default|reset-failed|reboot|poweroff|halt|reenable|preset|preset-all|revert|link|freeze|thaw|suspend|hibernate|rescue|emergency|default|cancel|set-environment|unset-environment|import-environment|try-reload-or-restart|switch-root|kexec|soft-reboot",
    ),
];

const JOURNALCTL: &[CommandRule] = &[
    destroys("--vacuum-size|--vacuum-time|--vacuum-files", "Deletes archived journal entries"),
    changes("--rotate|--flush|--sync"),
    reads(""),
];

const REDIS: &[CommandRule] = &[
    destroys("flushall|FLUSHALL", "Deletes every key of every database, cannot be undone"),
    destroys("flushdb|FLUSHDB", "Deletes every key of the database, cannot be undone"),
    destroys("del|DEL|unlink|UNLINK|getdel|GETDEL", "Deletes the keys, cannot be undone"),
    destroys(
        "xtrim|XTRIM|ltrim|LTRIM|lpop|LPOP|rpop|RPOP|spop|SPOP|hdel|HDEL|srem|SREM|zrem|ZREM|lrem|LREM|xdel|XDEL|zpopmin|ZPOPMIN|zpopmax|ZPOPMAX|zremrangebyscore|ZREMRANGEBYSCORE|zremrangebyrank|ZREMRANGEBYRANK",
        "Removes the entries, cannot be undone",
    ),
    destroys("cluster|CLUSTER reset|RESET|forget|FORGET", "Takes the node out of its cluster"),
    destroys("script|SCRIPT|function|FUNCTION flush|FLUSH", "Drops all cached scripts"),
    destroys(
        "slowlog|SLOWLOG|latency|LATENCY reset|RESET",
        "Resets the counters of the statistics",
    ),
    destroys("xgroup|XGROUP destroy|DESTROY", "Removes the entries, cannot be undone"),
    destroys("config|CONFIG resetstat|RESETSTAT", "Resets the counters of the statistics"),
    destroys("shutdown|SHUTDOWN nosave|NOSAVE", "Discards what was written since the snapshot"),
    reads("config|CONFIG get|GET"),
    reads("client|CLIENT list|LIST|info|INFO|id|ID|getname|GETNAME"),
    reads(
        "cluster|CLUSTER info|INFO|nodes|NODES|slots|SLOTS|shards|SHARDS|keyslot|KEYSLOT|myid|MYID",
    ),
    reads(
        "sentinel|SENTINEL masters|MASTERS|master|MASTER|replicas|REPLICAS|slaves|SLAVES|sentinels|SENTINELS|get-master-addr-by-name|GET-MASTER-ADDR-BY-NAME|ckquorum|CKQUORUM",
    ),
    reads("acl|ACL list|LIST|whoami|WHOAMI|getuser|GETUSER|users|USERS|cat|CAT|log|LOG"),
    reads(
        "ping|PING|info|INFO|get|GET|mget|MGET|hget|HGET|hmget|HMGET|hgetall|HGETALL|hkeys|HKEYS|hlen|HLEN|hexists|HEXISTS|keys|KEYS|scan|SCAN|hscan|HSCAN|sscan|SSCAN|zscan|ZSCAN|ttl|TTL|pttl|PTTL|type|TYPE|llen|LLEN|lrange|LRANGE|lindex|LINDEX|scard|SCARD|smembers|SMEMBERS|sismember|SISMEMBER|zcard|ZCARD|zrange|ZRANGE|zrangebyscore|ZRANGEBYSCORE|zscore|ZSCORE|zcount|ZCOUNT|dbsize|DBSIZE|memory|MEMORY|slowlog|SLOWLOG|exists|EXISTS|monitor|MONITOR|role|ROLE|object|OBJECT|xinfo|XINFO|xlen|XLEN|xrange|XRANGE|xrevrange|XREVRANGE|xpending|XPENDING|latency|LATENCY|strlen|STRLEN|time|TIME|lastsave|LASTSAVE|command|COMMAND|randomkey|RANDOMKEY|pubsub|PUBSUB|lolwut|LOLWUT|echo|ECHO",
    ),
    reads("--scan|--bigkeys|--memkeys|--stat|--latency|--hotkeys|--latency-history"),
    changes("*"),
];

const ETCDCTL: &[CommandRule] = &[
    destroys("del|rm", "Deletes the keys, cannot be undone"),
    destroys("member remove", "Takes the member out of the cluster"),
    destroys("compact|compaction", "Discards the old revisions"),
    destroys("snapshot restore", "Replaces the data with the snapshot's"),
    reads("get|watch|version"),
    reads("endpoint health|status|hashkv"),
    reads("member list"),
    reads("alarm list"),
    reads("snapshot save|status"),
    changes("put|defrag|alarm|member|move-leader|lease|txn|auth|user|role"),
];

const GH: &[CommandRule] = &[
    destroys("repo delete", "Deletes the repository with its issues, cannot be undone"),
    destroys("* delete", "Deletes what is named"),
    changes("api -X|--method|-f|-F|--field|--raw-field|--input"),
    reads("api"),
    reads("auth|search|status|browse"),
    reads("* list|view|status|diff|checks|download|clone|watch|get"),
    changes(
        "* create|edit|merge|close|reopen|comment|review|run|rerun|cancel|enable|disable|set|ready|lock|upload|fork|sync|checkout|rename|archive",
    ),
];

const GCLOUD: &[CommandRule] = &[
    reads("auth|config|info|version"),
    destroys(
        "pubsub subscriptions seek",
        "Moves the group's offsets: messages are skipped or read again",
    ),
    destroys("storage rm", "Deletes the objects"),
    destroys(
        "storage rsync --delete-unmatched-destination-objects",
        "Deletes objects that the source does not have",
    ),
    reads("storage ls|cat|du|hash"),
    changes("storage cp|mv|rsync"),
    destroys("* * * destroy", "Deletes what is named"),
    destroys("* * destroy", "Deletes what is named"),
    destroys("* * * * delete|remove-iam-policy-binding", "Deletes what is named"),
    destroys("* * * delete", "Deletes what is named"),
    destroys("* * delete", "Deletes what is named"),
    destroys("* delete", "Deletes what is named"),
    reads("* * * list|describe|get-value|get-iam-policy"),
    reads(
        "* * list|describe|get-credentials|read|versions|get-iam-policy|tail|get-serial-port-output",
    ),
    reads("* list|describe|read|tail|get-*|search"),
    changes(
        "* * * create|update|set|resize|restart|failover|add-*|remove-*|update-*|set-*|start|stop|reset|patch|enable|disable|clone|import|restore|migrate|cancel|rollback|rolling-action|recreate-instances",
    ),
    changes(
        "* * create|update|set|resize|restart|failover|add-*|remove-*|update-*|set-*|start|stop|reset|patch|move|simulate-maintenance-event|deploy|rollback|promote-replica|recreate-instances|rolling-action|enable|disable|clone|import|export|restore|migrate|cancel|publish|suspend|resume|snapshot|submit|run|execute|switchover|undelete|attach-*|detach-*",
    ),
    changes("* deploy|create|update|call|add-*|remove-*|set-*|undelete|enable|disable|submit"),
];

const GSUTIL: &[CommandRule] = &[
    destroys("rm|rb", "Deletes the objects"),
    destroys("rsync -d", "Deletes objects that the source does not have"),
    reads("ls|cat|stat|du|hash|version"),
    changes("*"),
];

const AZ: &[CommandRule] = &[
    reads("login|account|version|find"),
    destroys("group delete", "Deletes the resource group with everything in it"),
    destroys("* * * delete|delete-*|purge", "Deletes what is named"),
    destroys("* * delete|delete-*|purge", "Deletes what is named"),
    destroys("* delete|delete-*|purge", "Deletes what is named"),
    reads("* * * list|show|list-*|get-*"),
    reads("* * list|show|list-*|get-*|query|tail"),
    reads("* list|show|list-*|get-*|get-credentials|query|tail"),
    changes(
        "* * * create|update|set|add|remove|start|stop|restart|scale|failover|swap|invoke|restore|enable|disable|rotate|upload|renew|copy",
    ),
    changes(
        "* * create|update|set|add|remove|start|stop|restart|scale|failover|swap|invoke|restore|enable|disable|rotate|upload|renew|copy|attach|detach|switch",
    ),
    changes(
        "* create|update|set|add|remove|start|stop|restart|deallocate|scale|upgrade|redeploy|invoke|failover|reimage|resize|rotate-certs|attach|detach|grant-access|revoke-access",
    ),
];

const VAULT: &[CommandRule] = &[
    destroys("kv delete|destroy|metadata", "Deletes the secret, or versions of it"),
    destroys("delete", "Deletes the secret, or what the path configures"),
    destroys("secrets|auth disable", "Deletes everything under the mount"),
    destroys("policy delete", "Deletes what is named"),
    destroys("lease revoke", "Withdraws the credentials that were issued"),
    destroys("token revoke", "Withdraws the token and its leases"),
    reads("status|read|list|login|version|print"),
    reads("kv get|list"),
    reads("secrets|auth|policy|audit|token|lease list|read|lookup|capabilities"),
    destroys("operator raft remove-peer", "Takes the server out of the cluster"),
    destroys("operator raft snapshot restore", "Replaces the data with the snapshot's"),
    changes("operator raft join"),
    reads("operator members|raft"),
    changes("write|kv|secrets|auth|policy|audit|token|lease|operator|unwrap"),
];

const NOMAD: &[CommandRule] = &[
    destroys("kv delete", "Deletes the keys"),
    destroys("job stop -purge", "Stops the job and forgets it"),
    destroys("snapshot restore", "Replaces the state with the snapshot's"),
    destroys("operator raft remove-peer", "Takes the server out of the cluster"),
    destroys("node drain -disable|-enable", "Moves every allocation off the node"),
    destroys("alloc stop", "Stops the allocation; another one takes its place"),
    changes("operator raft|autopilot transfer-leader|transfer-leadership|set-config"),
    changes("operator gossip|root|snapshot|scheduler|client-state|utilization"),
    changes("node drain|eligibility|purge|meta"),
    changes("alloc restart|signal|exec"),
    destroys("acl * delete", "Deletes what is named"),
    destroys("config|intention|namespace|volume|quota|sentinel delete", "Deletes what is named"),
    destroys("node pool delete", "Deletes what is named"),
    destroys("var purge", "Deletes what is named"),
    changes("node pool apply|init"),
    reads("acl * list|read|info|self"),
    reads(
        "config|intention|namespace|volume|quota|sentinel|var list|read|get|status|inspect|match|check",
    ),
    changes("acl|config|intention|namespace|volume|quota|sentinel|var|services|connect"),
    reads(
        "members|info|status|monitor|version|catalog|alloc|node|operator|validate|plan|ui|rtt|troubleshoot",
    ),
    reads("kv get"),
    reads("job status|inspect|history|plan"),
    reads("snapshot save|inspect"),
    changes(
        "kv|job|leave|join|force-leave|lock|reload|maint|run|stop|snapshot|system|deployment|eval",
    ),
];

const GITOPS: &[CommandRule] = &[
    destroys("delete|uninstall", "Deletes the objects"),
    destroys("app delete", "Deletes the application with its objects"),
    destroys("app delete-resource", "Deletes the objects"),
    destroys("cluster|proj|repo|repocreds|cert|appset rm|delete|remove", "Deletes what is named"),
    destroys(
        "app sync --prune|--force|--replace",
        "Deletes objects that the repository does not have",
    ),
    reads("get|list|logs|version|check|stats|tree|trace|events|export|diff|context|login|watch"),
    reads("app get|list|diff|history|logs|manifests|resources|wait"),
    reads("cluster|proj|repo|account list|get"),
    changes(
        "reconcile|suspend|resume|create|app|submit|stop|terminate|retry|resubmit|install|bootstrap|cluster|proj|repo|account",
    ),
];

const VELERO: &[CommandRule] = &[
    destroys("delete", "Deletes the backups or schedules"),
    destroys("backup|restore|schedule delete", "Deletes the backups or schedules"),
    reads("get|describe|version"),
    reads("backup|restore|schedule get|describe|logs|download"),
    changes("*"),
];

const CEPH: &[CommandRule] = &[
    destroys("osd purge|destroy|lost|rm|zap-device", "Removes the disk with the copies on it"),
    destroys("osd pool delete|rm", "Deletes the pool with everything in it"),
    destroys("rm|remove", "Deletes the image with everything in it"),
    destroys("fs rm", "Deletes the file system"),
    reads("-s|-w|--status"),
    reads(
        "status|health|df|version|versions|log|report|ls|info|du|showmapped|crash|features|time-sync-status",
    ),
    reads(
        "osd|mon|pg|mgr|mds|fs|auth|config|orch|device tree|df|stat|status|dump|ls|list|perf|get|show|query|find|metadata|lspools|map",
    ),
    changes("osd|mon|pg|mgr|mds|fs|auth|config|orch|tell|device|daemon"),
];

const VIRTCTL: &[CommandRule] = &[
    reads("version|console|vnc|guestosinfo|fslist|userlist|port-forward|ssh"),
    changes(
        "start|stop|restart|pause|unpause|migrate|migrate-cancel|addvolume|removevolume|expose|image-upload|soft-reboot|memory-dump|vmexport|create",
    ),
];

const AMTOOL: &[CommandRule] = &[
    reads("alert|config|check-config|cluster|template"),
    reads("silence query"),
    changes("silence"),
];

const KAFKA_TOOLS: &str = "kafka-topics kafka-topics.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-configs \
    kafka-configs.sh kafka-reassign-partitions kafka-reassign-partitions.sh kafka-acls kafka-acls.sh";

const KAFKA_LOOKING: &str = "kafka-log-dirs kafka-log-dirs.sh kafka-dump-log kafka-dump-log.sh kafka-get-offsets \
    kafka-get-offsets.sh kafka-broker-api-versions kafka-broker-api-versions.sh kafka-metadata-quorum \
    kafka-metadata-quorum.sh kafka-console-consumer kafka-console-consumer.sh";

const KAFKA: &[CommandRule] = &[
    destroys(
        "--delete|--delete-offsets",
        "Deletes the topic, the group or its offsets, cannot be undone",
    ),
    destroys(
        "--reset-offsets --execute",
        "Moves the group's offsets: messages are skipped or read again",
    ),
    destroys("--remove", "Withdraws the rights, and locks out whoever needs them"),
    changes("--alter|--create|--execute|--add|--cancel"),
    reads("--list|--describe|--dry-run|--reset-offsets|--verify|--generate"),
];

const RABBITMQ: &[CommandRule] = &[
    destroys("purge_queue", "Deletes all messages in the queue, cannot be undone"),
    destroys(
        "delete_*|reset|force_reset|forget_cluster_node",
        "Deletes what is named, with its messages",
    ),
    reads("status|list_*|cluster_status|ping|environment|report|node_health_check|check_*|version"),
    changes("*"),
];

const PATRONI: &[CommandRule] = &[
    destroys("remove", "Removes the cluster's state from the configuration store"),
    destroys("reinit", "Deletes the replica's data and copies it again"),
    reads("list|topology|show-config|history|query|dsn|version"),
    changes("*"),
];

const VIRSH: &[CommandRule] = &[
    destroys("destroy", "Switches the machine off without letting it write what it holds"),
    destroys("undefine|vol-delete|pool-delete|snapshot-delete", "Deletes what is named"),
    reads(
        "list|dom*|*info|*list|*dumpxml|console|version|capabilities|qemu-agent-command|qemu-monitor-command",
    ),
    changes(
        "start|shutdown|reboot|reset|suspend|resume|migrate|define|edit|set*|attach-*|detach-*|save|restore|managedsave",
    ),
];

const PACKAGES: &[CommandRule] = &[
    reads("--prefix|--cache|--cellar"),
    reads("shellenv|doctor|deps|leaves"),
    destroys("purge", "Removes the packages with their configuration"),
    reads(
        "list|search|show|info|policy|check-update|freeze|outdated|view|ls|whatprovides|repolist|history",
    ),
    reads("-l|-L|-S|-q|-qa|-s"),
    changes("*"),
    changes("-i|-U|-e|-r"),
];

const CURL: &[CommandRule] = &[
    reads("-G|--get"),
    changes(
        "-d|--data|--data-raw|--data-binary|--data-urlencode|--json|-F|--form|-T|--upload-file",
    ),
    reads(""),
];

const IP: &[CommandRule] = &[
    destroys(
        "addr|a|address|route|r|link|l|neigh|rule flush|del|delete",
        "Removes addresses or routes: the machine may become unreachable",
    ),
    changes("addr|a|address|route|r|link|l|neigh|rule|netns add|set|replace|change|append"),
    reads(""),
];

const HELMFILE: &[CommandRule] = &[
    destroys("destroy|delete", "Deletes the release with all its objects"),
    reads("diff|list|template|lint|status|build|deps|fetch|repos|version|cache|show-dag"),
    changes("apply|sync|test|init|write-values"),
];

const BQ: &[CommandRule] = &[
    destroys("rm", "Deletes what is named"),
    reads("ls|show|head|version|wait|info|--dry_run"),
    changes("mk|cp|load|extract|update|insert|cancel|partition|add-iam-policy-binding"),
];

const OPENSTACK: &[CommandRule] = &[
    destroys("* * * delete|rm|purge|destroy", "Deletes what is named"),
    destroys("* * delete|rm|purge|destroy", "Deletes what is named"),
    destroys("* delete|rm|purge|destroy", "Deletes what is named"),
    reads("* * * list|show|describe|get"),
    reads("* * list|show|describe|get"),
    reads("* list|show|describe|get|ls"),
    reads("version|account|auth"),
    changes(
        "* * create|set|unset|add|remove|update|start|stop|reboot|resize|migrate|evacuate|rebuild|restore|attach|detach",
    ),
    changes(
        "* create|set|unset|add|remove|update|start|stop|reboot|resize|migrate|evacuate|rebuild|restore|lock|unlock|pause|unpause|suspend|resume|shelve|unshelve|rescue|unrescue|poweron|poweroff|shutdown|reset|save",
    ),
];

const EKSCTL: &[CommandRule] = &[
    destroys("delete", "Deletes what is named"),
    destroys("drain", "Evicts every pod from the node"),
    reads("get|info|version|completion"),
    reads("utils describe-*|write-kubeconfig|schema"),
    changes("create|scale|upgrade|update|set|unset|enable|associate|disassociate|utils|anywhere"),
];

const KUBEADM: &[CommandRule] = &[
    reads("--dry-run"),
    destroys("reset", "Takes the node out of its cluster"),
    destroys("token delete", "Withdraws the token and its leases"),
    reads("version|config|completion"),
    reads("token list|generate"),
    reads("certs check-expiration|certificate-key"),
    reads("upgrade plan|diff"),
    changes("init|join|upgrade|certs|token|kubeconfig"),
];

const KOPS: &[CommandRule] = &[
    destroys("delete", "Deletes what is named"),
    reads("get|validate|export|toolbox|version|completion"),
    changes("update|rolling-update --yes"),
    reads("update|rolling-update|upgrade"),
    changes("create|edit|replace|upgrade|promote|reconcile|trust"),
];

const PULUMI: &[CommandRule] = &[
    destroys("destroy", "Destroys everything that the configuration manages"),
    destroys("stack rm", "Deletes what is named"),
    destroys("state delete", "Forgets the resources: they stay, and nothing manages them"),
    reads("preview|pre|logs|whoami|version|about|config|login"),
    reads("stack ls|output|select|history|export|graph"),
    changes("up|update|refresh|import|cancel|watch|state|stack|new"),
];

const STACKS: &[CommandRule] = &[
    destroys("destroy|delete|remove", "Deletes the stack with its resources"),
    reads(
        "diff|list|ls|synth|synthesize|doctor|docs|logs|validate|info|print|package|build|metadata|context|local",
    ),
    changes("deploy|bootstrap|rollback|sync|import|watch|invoke|publish|gc|dev"),
];

const ISTIO: &[CommandRule] = &[
    reads("--dry-run"),
    destroys("uninstall", "Deletes the objects from the cluster"),
    destroys("tag remove", "Deletes what is named"),
    reads(
        "proxy-status|ps|proxy-config|pc|analyze|version|describe|dashboard|validate|bug-report|verify-install|authz|metrics",
    ),
    reads(
        "x|experimental describe|authz|metrics|precheck|check-inject|injector|internal-debug|wait",
    ),
    reads("manifest generate|translate"),
    reads("tag list|generate"),
    changes("install|upgrade|operator|tag|admin|kube-inject|waypoint"),
];

const CMCTL: &[CommandRule] = &[
    reads("status|check|version|inspect|help"),
    changes("renew|approve|deny|create|upgrade|convert|experimental|x"),
];

const RABBITMQADMIN: &[CommandRule] = &[
    destroys("delete|purge", "Deletes what is named, with its messages"),
    reads("list|show|export|help"),
    changes("*"),
];

const NODETOOL: &[CommandRule] = &[
    destroys("decommission", "Takes the node out of its cluster"),
    destroys("removenode|assassinate", "Removes the node from the cluster"),
    destroys("clearsnapshot", "Deletes the volume or snapshot, cannot be undone"),
    destroys("truncatehints", "Deletes messages"),
    reads(
        "status*|info|ring|*stats|*histograms|describe*|gossipinfo|version|get*|list*|failuredetector|viewbuildstatus|datapaths|toppartitions|profileload|help|rangekeysample|repair_admin|netstats",
    ),
    changes("*"),
];

const POSTGRES_BACKUPS: &[CommandRule] = &[
    destroys("restore|recover|backup-fetch|wal-fetch", "Replaces the data with the snapshot's"),
    destroys("expire|stanza-delete|delete", "Deletes the backups or schedules"),
    reads(
        "info|check|verify|version|status|list-*|show-*|diagnose|backup-list|wal-show|wal-verify|repo-ls|repo-get",
    ),
    changes("*"),
];

const RCLONE: &[CommandRule] = &[
    reads("--dry-run|-n"),
    destroys("sync", "Deletes what the source does not have"),
    destroys("delete|deletefile|purge|rmdirs|cleanup|dedupe", "Deletes what is named"),
    reads(
        "ls*|size|check|cat|tree|about|version|md5sum|sha1sum|listremotes|config|ncdu|cryptcheck|hashsum",
    ),
    changes("*"),
];
