//! Numbers that are none, or endless, or upside down: an answer always, and a safe one.

use proptest::prelude::*;

use super::*;

fn number() -> impl Strategy<Value = f64> {
    let special =
        vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 60.0, 120.0, 1_000.0, 1e300, -1e300];
    prop_oneof![prop::sample::select(special), -200.0..1_200.0_f64]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![number().prop_map(Limit::Ground), number().prop_map(Limit::Sea)]
}

fn crossing() -> impl Strategy<Value = Crossing> {
    (0usize..4, number(), number(), limit(), limit())
        .prop_map(|(barrier, from_m, to_m, low, high)| Crossing { barrier, from_m, to_m, low, high })
}

#[test]
fn what_is_no_number_closes_as_if_endless() {
    let ground = flat(1_000.0);
    let nan = f64::NAN;
    let closed =
        [Crossing { barrier: 3, from_m: nan, to_m: nan, low: Limit::Ground(nan), high: Limit::Sea(nan) }];
    assert_eq!(profile(&columns(&ground, &closed)), Err(Blocked::Barriers(vec![3])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever comes out is finite, ascends, and is out of what is closed at its points.
    #[test]
    fn there_is_an_answer_to_any_numbers(
        crossings in prop::collection::vec(crossing(), 0..6),
        tube in prop_oneof![(number(), number()), Just((60.0, 120.0))],
        length_m in prop_oneof![Just(0.0), Just(1e-5), Just(1_000.0)],
        slopes in prop::option::of((prop::collection::vec(number(), 0..3), prop::collection::vec(number(), 0..3))),
    ) {
        let ground = flat(length_m);
        let ends = slopes.as_ref().map_or(Ends::Columns, |(up, down)| Ends::Slopes { up, down });
        let problem = Problem { tube, ends, ..columns(&ground, &crossings) };
        match profile(&problem) {
            Ok(found) => {
                prop_assert!(!found.points.is_empty() && found.points.windows(2).all(|leg| leg[0].0 < leg[1].0));
                for (along_m, height_m) in found.points {
                    prop_assert!(along_m.is_finite() && height_m.is_finite());
                    for c in crossings.iter().filter(|c| c.from_m <= along_m && along_m <= c.to_m) {
                        prop_assert!(!(c.low.over(0.0) + 1e-5 < height_m && height_m < c.high.over(0.0) - 1e-5));
                    }
                }
            }
            Err(Blocked::Barriers(barriers)) => prop_assert!(!barriers.is_empty()),
            Err(Blocked::Ground) => prop_assert!(slopes.is_some() || tube.0.is_nan() || tube.1.is_nan() || tube.0 > tube.1 || tube.0.abs().max(tube.1.abs()) >= 1e7),
        }
    }
}
