use super::super::tallies::Configuration;
use super::rules::{Nesting, Rules};

fn configuration(weights: &[f64], cutoff: f64) -> Configuration {
    Configuration { weighting: format!("{weights:?}"), weights: weights.to_vec(), cutoff }
}

#[test]
fn a_higher_k_lies_within_a_lower_one_and_equal_sets_are_seen() {
    let even = [0.5, 0.5];
    let odd = [0.6, 0.4];
    let configurations = [configuration(&even, 0.5), configuration(&even, 1.0), configuration(&odd, 0.4), configuration(&odd, 0.5)];
    let rules = Rules::new(0, &configurations, 2);
    let nest = |wider, narrower, same| Nesting { wider, narrower, same };
    // deprived in any; in both; in any; in the first
    assert_eq!(rules.nestings, [nest(0, 2, true), nest(2, 3, false), nest(3, 1, false)]);
    assert_eq!(rules.levels(1, &configurations[1]), (1.0, 0.5));
    assert_eq!(rules.levels(3, &configurations[3]), (0.6, 0.4));
}

#[test]
fn with_many_indicators_weightings_are_hidden_as_one() {
    let even = vec![1.0 / 16.0; 16];
    let mut odd = even.clone();
    (odd[0], odd[1]) = (0.0, 0.125);
    let one = Rules::new(0, &[configuration(&even, 0.5), configuration(&even, 0.25)], 16);
    assert!(!one.layout.as_one);
    assert_eq!(one.nestings, [Nesting { wider: 1, narrower: 0, same: false }]);
    let two = Rules::new(0, &[configuration(&even, 0.5), configuration(&odd, 0.5)], 16);
    assert!(two.layout.as_one && two.layout.h(3, 0) == two.layout.h(3, 1));
}
