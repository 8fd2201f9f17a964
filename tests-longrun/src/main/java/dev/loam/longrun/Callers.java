package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that write one payload after the other, each waiting for its answer. */
record Callers(int count, Bytes payload, long nanos) {
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
                        target.write(payload);
                        done++;
                    }
                    return done;
                };
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(caller));
            }
            long done = 0;
            for (Future<Long> answer : answers) {
                done += answer.get();
            }
            return done / (nanos / 1e9);
        }
    }
}
