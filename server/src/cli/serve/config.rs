//! Where an option of `tianlu serve` comes from: the flag, else the environment, else the configuration file, else its
//! default. All three are made from the flags, so that none can be forgotten.

use std::any::TypeId;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};
use toml::Value;

use super::super::Failure;

const PREFIX: &str = "TIANLU_";

/// The name of the variable that gives an option.
pub(super) fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.to_uppercase().replace('-', "_"))
}

/// The command with a variable of the environment for each of its options.
pub(in crate::cli) fn with_environment(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_long() {
        None | Some("help") => arg,
        Some(long) => {
            let variable = variable(long);
            match arg.get_action() {
                // One variable holds the whole list, which a flag replaces.
                ArgAction::Append => match std::env::var_os(&variable) {
                    Some(list) => arg.default_values(split(&list)),
                    None => arg,
                },
                _ => boolish(arg.env(variable)),
            }
        }
    })
}

/// Elsewhere than on the command line a flag has a value: true or false, yes or no, on or off, 1 or 0.
fn boolish(arg: Arg) -> Arg {
    match arg.get_action() {
        ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
        _ => arg,
    }
}

fn split(list: &OsString) -> Vec<OsString> {
    list.to_string_lossy().split(',').filter(|item| !item.is_empty()).map(OsString::from).collect()
}

/// A configuration file, its values not yet understood.
#[derive(Debug)]
pub(in crate::cli) struct ConfigFile {
    path: PathBuf,
    table: toml::Table,
}

impl ConfigFile {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read or is no TOML.
    pub(in crate::cli) fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        let table = text.parse().map_err(|error: toml::de::Error| failed(&error.to_string().trim_end()))?;
        Ok(Self { path: path.to_owned(), table })
    }

    /// The command, before [`with_environment`], with the file's values as defaults.
    ///
    /// # Errors
    /// At a key that is no option, and a value that its option does not take.
    pub(in crate::cli) fn as_defaults(&self, mut command: Command) -> Result<Command, Failure> {
        for (key, value) in &self.table {
            let known = |arg: &&Arg| arg.get_long() == Some(key) && key != "config" && key != "help";
            let Some(arg) = command.get_arguments().find(known).cloned() else {
                return Err(self.unknown(key, &command));
            };
            let values = self.values(key, value, &arg)?;
            self.try_out(key, &arg, &values)?;
            let id = arg.get_id().clone();
            command = command.mut_arg(id, |arg| boolish(arg).default_values(values));
        }
        Ok(command)
    }

    fn unknown(&self, key: &str, command: &Command) -> Failure {
        let longs = command.get_arguments().filter_map(Arg::get_long);
        let longs = longs.filter(|long| !["config", "help"].contains(long));
        let nearest = longs.min_by_key(|long| distance(long, key)).unwrap_or_default();
        self.failure(key, &format!("no option has this name; the nearest is {nearest}"))
    }

    fn failure(&self, key: &str, text: &str) -> Failure {
        Failure(format!("{}: {key}: {text}", self.path.display()))
    }

    /// The value as it would stand on the command line. Paths are relative to the file.
    fn values(&self, key: &str, value: &Value, arg: &Arg) -> Result<Vec<OsString>, Failure> {
        let list = matches!(arg.get_action(), ArgAction::Append);
        let flag = matches!(arg.get_action(), ArgAction::SetTrue);
        let items = match value {
            Value::Array(items) if list => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        let is_path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        let one = |item: &Value| match item {
            Value::String(text) if is_path && text != "-" => {
                let folder = self.path.parent().unwrap_or(Path::new(""));
                Ok(folder.join(text).into_os_string())
            }
            Value::String(text) => Ok(text.into()),
            Value::Integer(number) => Ok(number.to_string().into()),
            Value::Float(number) => Ok(number.to_string().into()),
            Value::Boolean(truth) if flag => Ok(truth.to_string().into()),
            other => {
                let expected = if flag {
                    "true or false"
                } else if list {
                    "text, or a list of texts"
                } else {
                    "text or a number"
                };
                Err(self.failure(key, &format!("found {}, expected {expected}", kind(other))))
            }
        };
        items.iter().map(one).collect()
    }

    /// Does the option take the values? Said here, an error names the file.
    fn try_out(&self, key: &str, arg: &Arg, values: &[OsString]) -> Result<(), Failure> {
        let alone = Command::new("file").no_binary_name(true).disable_help_flag(true);
        let alone = alone.arg(boolish(arg.clone()).default_values(values.to_vec()));
        match alone.try_get_matches_from(Vec::<OsString>::new()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let text = error.to_string();
                let line = text.lines().next().unwrap_or_default();
                Err(self.failure(key, line.trim_start_matches("error: ")))
            }
        }
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a table".to_owned(),
        Value::Datetime(_) => "a time".to_owned(),
        Value::Boolean(truth) => truth.to_string(),
        other => other.type_str().to_owned(),
    }
}

/// How many letters are to be put in, taken out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// The rows of the table in the README: option, variable, default, meaning.
#[cfg(test)]
fn table(command: &Command) -> String {
    let mut table = "| option | environment | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for arg in command.get_arguments().filter(|arg| arg.get_id() != "help") {
        let long = arg.get_long().unwrap_or_default();
        let flag = matches!(arg.get_action(), ArgAction::SetTrue);
        let value = match arg.get_value_names() {
            Some([name]) if !flag => format!(" {name}"),
            _ => String::new(),
        };
        let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default = if default.is_empty() { String::new() } else { format!("`{}`", default.join(",")) };
        let meaning = arg.get_help().map(ToString::to_string).unwrap_or_default();
        table += &format!("| `--{long}{value}` | `{}` | {default} | {meaning} |\n", variable(long));
    }
    table
}

#[cfg(test)]
mod tests;
