//! What a text of `MongoDB`'s shell does, of the methods that it calls. It reads no JavaScript: a method that it does not
//! know leaves the whole text open.

use crate::shell::verdict::Verdict;

/// Methods and commands that lose something, and what.
const DESTROYING: &[(&str, &str)] = &[
    ("deleteMany", "Deletes the documents that match"),
    ("deleteOne", "Deletes the documents that match"),
    ("drop", "Deletes the collection with all its documents"),
    ("dropAllRoles", "Deletes the account and what it was granted"),
    ("dropAllUsers", "Deletes the account and what it was granted"),
    ("dropDatabase", "Deletes the database with all its tables"),
    ("dropIndex", "Drops the index; queries are slow until it is built again"),
    ("dropIndexes", "Drops the index; queries are slow until it is built again"),
    ("dropRole", "Deletes the account and what it was granted"),
    ("dropUser", "Deletes the account and what it was granted"),
    ("findOneAndDelete", "Deletes the documents that match"),
    ("remove", "Deletes the documents that match"),
    ("removeShard", "Takes the node out of its cluster"),
];

/// What methods that change something begin with, or are.
const CHANGING: &[&str] = &[
    "abort", "add", "bulkWrite", "changeUserPassword", "compact", "create", "enable", "disable",
    "findAndModify", "findOneAndReplace", "findOneAndUpdate", "freeze", "fsync", "grant",
    "initiate", "insert", "kill", "logout", "modify", "move", "reconfig", "refine", "reIndex",
    "rename", "replace", "replSet", "reshard", "revoke", "save", "set", "shardCollection",
    "shutdown", "splitAt", "splitFind", "start", "stepDown", "stop", "syncFrom", "update",
];

/// What methods that only look begin with, or are.
const LOOKING: &[&str] = &[
    "Date",
    "EJSON",
    "ISODate",
    "Number",
    "ObjectId",
    "aggregate",
    "buildInfo",
    "collStats",
    "conf",
    "connPoolStats",
    "connectionStatus",
    "count",
    "currentOp",
    "dataSize",
    "dbStats",
    "distinct",
    "estimatedDocumentCount",
    "explain",
    "filter",
    "find",
    "forEach",
    "get",
    "hello",
    "help",
    "hint",
    "hostInfo",
    "is",
    "itcount",
    "join",
    "keys",
    "latencyStats",
    "limit",
    "list",
    "map",
    "ping",
    "pretty",
    "print",
    "replSetGet",
    "secondaryOk",
    "serverStatus",
    "size",
    "skip",
    "slaveOk",
    "sort",
    "stats",
    "status",
    "stringify",
    "toArray",
    "toISOString",
    "tojson",
    "top",
    "total",
    "validate",
    "version",
    "whatsmyuri",
];

/// Methods whose argument names what they do.
const RUNNING: &[&str] = &["adminCommand", "runCommand"];

/// What running the text does: the worst of its calls.
pub(crate) fn mongo(text: &str) -> Verdict {
    let mut verdict: Option<Verdict> = None;
    let mut from = 0;
    while let Some(open) = text[from..].find('(').map(|at| from + at) {
        let name = last_word(&text[from..open]);
        from = open + 1;
        let called = if RUNNING.contains(&name) { command(&text[from..]) } else { name };
        let found = match called {
            "" => continue,
            "remove" if text[..from - 1].trim_end().ends_with("rs.remove") => {
                Verdict::destroys("Takes the member out of the cluster")
            }
            _ => judge(called),
        };
        verdict = Some(verdict.map_or(found, |worst| worst.worse(found)));
    }
    let writes = text.contains("$out") || text.contains("$merge");
    match verdict {
        Some(verdict) if writes => verdict.worse(Verdict::CHANGES),
        Some(verdict) => verdict,
        None if text.trim_start().starts_with("show ") => Verdict::READS,
        None => Verdict::UNKNOWN,
    }
}

fn judge(name: &str) -> Verdict {
    let begins = |names: &[&str]| names.iter().any(|beginning| name.starts_with(beginning));
    // The longest name wins: `replSetGetStatus` looks, and `findAndModify` does not.
    if let Some((_, lost)) = DESTROYING.iter().find(|(method, _)| *method == name) {
        Verdict::destroys(lost)
    } else if begins(&["replSetGet", "isMaster"]) {
        Verdict::READS
    } else if begins(CHANGING) {
        Verdict::CHANGES
    } else if begins(LOOKING) {
        Verdict::READS
    } else {
        Verdict::UNKNOWN
    }
}

/// The word that a text ends in.
fn last_word(text: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let end = text.trim_end();
    let start = end.char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last();
    start.map_or("", |(at, _)| &end[at..])
}

/// The first word of the document that a command is given as.
fn command(arguments: &str) -> &str {
    let plain = arguments.trim_start_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '{' | '"' | '\'')
    });
    let end = plain.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(plain.len());
    &plain[..end]
}

#[cfg(test)]
mod tests {
    use super::mongo;
    use crate::shell::Safety::{ChangesState, Destructive, ReadOnly, Unknown};

    #[test]
    fn a_text_is_as_dangerous_as_the_worst_method_that_it_calls() {
        for (text, expected) in [
            ("rs.status()", ReadOnly),
            ("show dbs", ReadOnly),
            ("db.orders.find({state: 'open'}).sort({_id: -1}).limit(5).toArray()", ReadOnly),
            ("printjson(db.currentOp({secs_running: {$gt: 10}}))", ReadOnly),
            ("db.adminCommand({replSetGetStatus: 1})", ReadOnly),
            ("db.runCommand( { \"ping\": 1 } )", ReadOnly),
            ("db.orders.aggregate([{$match: {}}, {$out: 'copy'}])", ChangesState),
            ("db.killOp(17)", ChangesState),
            ("rs.stepDown(60)", ChangesState),
            ("db.adminCommand({setParameter: 1, ttlMonitorEnabled: false})", ChangesState),
            ("db.orders.updateMany({}, {$set: {a: 1}})", ChangesState),
            ("db.orders.find({}).forEach(o => db.orders.deleteOne({_id: o._id}))", Destructive),
            ("use shop\ndb.dropDatabase()", Destructive),
            ("db.runCommand({dropDatabase: 1})", Destructive),
            ("frobnicate()", Unknown),
            ("", Unknown),
            ("((((", Unknown),
        ] {
            assert_eq!(mongo(text).safety, expected, "{text}");
        }
    }
}
