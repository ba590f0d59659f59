#![expect(clippy::unwrap_used, reason = "a test may fail")]

use clap::{CommandFactory, FromArgMatches};

use super::super::Args;
use super::super::args::LogFormat;
use super::*;
use crate::cli::Cli;

fn command() -> Command {
    let command = Cli::command();
    command.get_subcommands().find(|command| command.get_name() == "serve").cloned().unwrap()
}

/// What the server would run with: a file, and flags after it.
fn args(file: &str, flags: &[&str]) -> Result<Args, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tianlu.toml");
    fs::write(&path, file).unwrap();
    let file = ConfigFile::read(&path).map_err(|failure| failure.0)?;
    let command = file.as_defaults(command()).map_err(|failure| failure.0)?;
    let flags = std::iter::once("serve").chain(flags.iter().copied());
    let matches = command.try_get_matches_from(flags).map_err(|error| error.to_string())?;
    Ok(Args::from_arg_matches(&matches).unwrap())
}

#[test]
fn every_option_may_stand_in_the_file() {
    let args = args(
        "listen = \"0.0.0.0:443\"\ndata = \"state\"\nairspace = [\"a.json\", \"/etc/b.json\"]\nlenient = true\n\
         reaction-s = 12\nexpiry-s = 99.5\nopen-priority = -3\ncors = \"https://map.example\"\nlog = \"json\"\n\
         centre = \"120.75,30.75\"\nconnections = 10\n",
        &[],
    )
    .unwrap();
    assert_eq!(args.listen.to_string(), "0.0.0.0:443");
    assert!(args.data.as_ref().unwrap().is_absolute(), "paths are relative to the file: {:?}", args.data);
    assert_eq!(args.airspace.len(), 2);
    assert_eq!(args.airspace[1], Path::new("/etc/b.json"));
    assert!(args.reading.lenient && !args.replace_airspace);
    assert_eq!(
        (args.flights.reaction_s, args.flights.expiry_s, args.flights.open_priority),
        (12.0, 99.5, -3)
    );
    assert_eq!(args.access.cors, ["https://map.example"]);
    assert_eq!((args.log, args.pressure.connections), (LogFormat::Json, 10));
}

#[test]
fn a_flag_goes_before_the_file() {
    let file = "listen = \"0.0.0.0:443\"\nairspace = [\"a.json\", \"b.json\"]\nlog = \"json\"\n";
    let args = args(file, &["--listen", "127.0.0.1:1", "--airspace", "c.json"]).unwrap();
    assert_eq!(args.listen.to_string(), "127.0.0.1:1");
    assert_eq!(args.airspace, [Path::new("c.json")]);
    assert_eq!(args.log, LogFormat::Json);
}

#[test]
fn what_is_wrong_in_the_file_is_named_with_the_file() {
    for (file, says) in [
        ("raection-s = 3", "tianlu.toml: raection-s: no option has this name; the nearest is reaction-s"),
        ("reaction_s = 3", "the nearest is reaction-s"),
        ("config = \"other.toml\"", "tianlu.toml: config: no option has this name"),
        ("listen = \"nowhere\"", "tianlu.toml: listen: invalid value 'nowhere' for '--listen <ADDR:PORT>'"),
        ("reaction-s = -1", "tianlu.toml: reaction-s: invalid value '-1'"),
        ("reaction-s = [1]", "tianlu.toml: reaction-s: found a list, expected text or a number"),
        ("lenient = 1.5", "tianlu.toml: lenient: invalid value '1.5'"),
        ("log = \"xml\"", "tianlu.toml: log: invalid value 'xml'"),
        ("[serve]\nlisten = \"127.0.0.1:1\"", "tianlu.toml: serve: no option has this name"),
        ("listen = ", "tianlu.toml: TOML parse error at line 1"),
    ] {
        let error = args(file, &[]).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
}

#[test]
fn the_nearest_name_takes_the_fewest_changes() {
    for (a, b, changes) in [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("rate", "rate", 0)] {
        assert_eq!((distance(a, b), distance(b, a)), (changes, changes), "{a} {b}");
    }
}

/// Run with `UPDATE_GOLDEN=1` to write the table anew.
#[test]
fn the_table_in_the_readme_has_every_option() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(path).unwrap();
    let table = table(&command());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let start = readme.find("| option | environment |").unwrap();
        let end = start + readme[start..].find("\n\n").unwrap() + 1;
        fs::write(path, format!("{}{table}{}", &readme[..start], &readme[end..])).unwrap();
    } else {
        assert!(readme.contains(&table), "README.md should have\n{table}");
    }
}
