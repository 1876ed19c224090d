//! `cargo bench --package hookproof-bench-native`; `cargo xtask bench native` reads what it writes.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use hookproof_bench_native::{contestants, sign};

const SIZES: [usize; 8] = [128, 512, 1024, 4096, 16_384, 65_536, 1_048_576, 10_485_760];

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("verify");
    // One library after another at each size: what changes on the machine in between is seconds away.
    for bytes in SIZES {
        let payload = vec![b'a'; bytes];
        let signature = sign(&payload);
        group.throughput(Throughput::Bytes(bytes as u64));
        for (name, verify) in contestants() {
            group.bench_function(BenchmarkId::new(name, bytes), |bencher| {
                bencher.iter(|| assert!(verify(black_box(&payload), black_box(&signature))));
            });
        }
    }
    group.finish();
    criterion.final_summary();
}
