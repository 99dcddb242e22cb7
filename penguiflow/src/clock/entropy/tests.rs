//! The sequence is the published one, whole and shared.

use std::collections::BTreeSet;

use super::Entropy;

#[test]
fn the_sequence_is_that_of_splitmix64() {
    // The reference values that implementations of SplitMix64 are checked against.
    let entropy = Entropy::seeded(1_234_567);
    let drawn: Vec<u64> = (0..5).map(|_| entropy.next_u64()).collect();
    assert_eq!(
        drawn,
        [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821
        ]
    );
}

#[test]
fn threads_share_one_sequence_without_loss_or_repeat() {
    let shared = Entropy::seeded(9);
    let drawn: BTreeSet<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..1_000).map(|_| shared.next_u64()).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let alone = Entropy::seeded(9);
    assert_eq!(drawn, (0..4_000).map(|_| alone.next_u64()).collect());
}

#[test]
fn fractions_fill_the_unit_interval_evenly() {
    let entropy = Entropy::seeded(3);
    let mut tenths = [0u32; 10];
    for _ in 0..10_000 {
        let fraction = entropy.unit_f64();
        assert!((0.0..1.0).contains(&fraction), "{fraction}");
        tenths[(fraction * 10.0) as usize] += 1;
    }
    assert!(tenths.iter().all(|count| (900..1_100).contains(count)), "{tenths:?}");
}

#[test]
fn the_operating_system_gives_another_seed_each_time() {
    assert_ne!(Entropy::from_os().next_u64(), Entropy::from_os().next_u64());
}
