use super::*;
use crate::Book;

#[test]
fn book_keeps_every_case() {
    check_cases(Clock::Given, Book::new).map_err(|failure| failure.to_string()).unwrap();
}

#[test]
fn model_keeps_every_case() {
    check_cases(Clock::Given, Model::new).map_err(|failure| failure.to_string()).unwrap();
}

#[test]
fn book_walks_in_step_with_the_model() {
    let mut report = Report::default();
    for seed in 0..30 {
        let seen =
            check_seed(Clock::Given, seed, 200, Book::new).map_err(|failure| failure.to_string()).unwrap();
        report.add(&seen);
    }
    println!("{report:#?}");
}
