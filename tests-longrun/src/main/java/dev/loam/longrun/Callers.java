package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Threads that write one payload after the other, each waiting for its answer. */
record Callers(int count, Supplier<Bytes> payloads, long nanos) {
    /** Acknowledged writes per second. */
    double rate(DurableWrites target) throws Exception {
        CountDownLatch ready = new CountDownLatch(count);
        Callable<Long> caller =
                () -> {
                    ready.countDown();
                    ready.await();
                    long end = System.nanoTime() + nanos;
                    long done = 0;
                    while (System.nanoTime() - end < 0) {
                        target.write(payloads.get());
                        done++;
                    }
                    return done;
                };
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            long began = System.nanoTime();
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(caller));
            }
            long done = 0;
            for (Future<Long> answer : answers) {
                done += answer.get();
            }
            // What was begun in time ends late, and counts.
            return done / ScaleStep.seconds(began);
        }
    }
}
