//! Rounds of starting a server, loading it, killing it, and checking what is there afterwards.

mod chance;
mod check;
mod client;
mod ledger;
mod server;

use std::error::Error;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use chance::Chance;
use ledger::Ledger;
use server::Server;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What is done.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The program.
    pub(crate) binary: PathBuf,
    /// Where the server keeps its state.
    pub(crate) data: PathBuf,
    /// How many times the server is killed under load.
    pub(crate) rounds: usize,
    /// How many clients call it at once.
    pub(crate) clients: usize,
    /// So many flights are reserved before the first kill.
    pub(crate) flights: usize,
    /// The longest time under load before a kill.
    pub(crate) longest: Duration,
    /// Chooses flights and moments.
    pub(crate) seed: u64,
}

/// What happened. All that was answered was found again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// Kills in all.
    pub(crate) kills: usize,
    /// Those before the server listened.
    pub(crate) early: usize,
    /// Flights that were answered with 201.
    pub(crate) accepted: usize,
    /// Cancellations that were answered.
    pub(crate) cancelled: usize,
    /// Activations that were answered.
    pub(crate) activated: usize,
    /// Positions that were answered.
    pub(crate) positions: usize,
    /// Flights that were refused.
    pub(crate) refused: usize,
    /// Calls without an answer.
    pub(crate) unanswered: usize,
    /// For each start how many flights the store had, and how long it took from the call of the program until it listened.
    pub(crate) starts: Vec<(usize, Duration)>,
}

/// Each so many rounds the whole state is checked, else what the last round has changed.
const WHOLE: usize = 20;

/// Runs all rounds; `say` gets a line now and then.
///
/// # Errors
/// The first thing that was lost, changed or in conflict; or that the server could not be called.
pub(crate) fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Outcome<Report> {
    let mut chance = Chance::new(options.seed);
    let mut report = Report::default();
    let mut ledger = Ledger::default();
    if options.flights > 0 {
        let server = start(options, &mut report)?;
        let left = AtomicUsize::new(options.flights);
        load(options, &server, &mut ledger, &mut chance, 0, || client::Until::Reserved(&left))?;
        say(&format!("reserved {} flights", ledger.accepted()));
        server.kill()?;
        report.kills += 1;
    }
    for round in 1..=options.rounds {
        if chance.one_in(8) {
            let took = report.starts.last().map_or(Duration::from_millis(200), |(_, took)| *took);
            Server::kill_at(options, chance.part_of(took))?;
            report.kills += 1;
            report.early += 1;
        }
        let server = start(options, &mut report)?;
        check(&server, &mut ledger, &mut report, round % WHOLE == 1)?;
        let pause = chance.part_of(options.longest);
        std::thread::scope(|scope| -> Outcome<()> {
            let killer = scope.spawn(|| {
                std::thread::sleep(pause);
                server.kill()
            });
            load(options, &server, &mut ledger, &mut chance, round, || client::Until::Killed)?;
            killer.join().map_err(|_| "the killer has died")?
        })?;
        report.kills += 1;
        if round % 50 == 0 {
            say(&format!("round {round}: {} flights accepted", ledger.accepted()));
        }
    }
    let server = start(options, &mut report)?;
    check(&server, &mut ledger, &mut report, true)?;
    server.kill()?;
    ledger.tell(&mut report);
    Ok(report)
}

fn start(options: &Options, report: &mut Report) -> Outcome<Server> {
    let server = Server::start(options)?;
    report.starts.push((0, server.took));
    Ok(server)
}

fn check(server: &Server, ledger: &mut Ledger, report: &mut Report, whole: bool) -> Outcome<()> {
    check::last_round(server, ledger)?;
    if whole {
        check::whole_state(server, ledger)?;
    }
    if let Some((flights, _)) = report.starts.last_mut() {
        *flights = ledger.flights();
    }
    Ok(())
}

/// Lets all clients call until the server is gone or has reserved enough.
fn load<'u>(
    options: &Options,
    server: &Server,
    ledger: &mut Ledger,
    chance: &mut Chance,
    round: usize,
    until: impl Fn() -> client::Until<'u>,
) -> Outcome<()> {
    // What the last server did not answer is asked again, with the same key.
    let mut again = ledger.unanswered();
    let clients = (0..options.clients).map(|number| {
        let share = again.len() / (options.clients - number);
        let again = again.split_off(again.len() - share);
        client::Client::new(server, format!("R{round}-C{number}"), chance.next(), again, until())
    });
    let clients: Vec<_> = clients.collect();
    let books = std::thread::scope(|scope| {
        let running: Vec<_> = clients.into_iter().map(|client| scope.spawn(|| client.call())).collect();
        running.into_iter().map(|running| running.join()).collect::<Vec<_>>()
    });
    for book in books {
        ledger.take(book.map_err(|_| "a client has died")??);
    }
    Ok(())
}
