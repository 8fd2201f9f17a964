package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Shares one log between many callers as the engine's writer does: one thread takes what is queued,
 * waiting for nothing, appends all of it with one force, then answers everyone.
 */
final class GroupCommit implements DurableWrites, AutoCloseable {
    private static final int GROUP_MAX = 4_096;

    private record Job(Bytes payload, CompletableFuture<Boolean> answer) {}

    private final DurableLog log;
    private final BlockingQueue<Job> queue = new ArrayBlockingQueue<>(GROUP_MAX);
    private final Job stop = new Job(Bytes.EMPTY, new CompletableFuture<>());
    private final Thread thread;

    private GroupCommit(DurableLog log) {
        this.log = log;
        this.thread = Thread.ofPlatform().name("group-commit").unstarted(this::run);
    }

    static GroupCommit over(DurableLog log) {
        GroupCommit shared = new GroupCommit(log);
        shared.thread.start();
        return shared;
    }

    @Override
    public void write(Bytes payload) throws InterruptedException {
        Job job = new Job(payload, new CompletableFuture<>());
        queue.put(job);
        job.answer().join();
    }

    private void run() {
        try {
            Job next = queue.take();
            while (!next.equals(stop)) {
                next = group(next);
            }
            stop.answer().complete(true);
        } catch (InterruptedException nobodyShould) {
            throw new AssertionError(nobodyShould);
        }
    }

    /** Returns the job behind the group. */
    private Job group(Job first) throws InterruptedException {
        List<Job> jobs = new ArrayList<>();
        Job job = first;
        while (job != null && !job.equals(stop) && jobs.size() < GROUP_MAX) {
            jobs.add(job);
            job = queue.poll();
        }
        try {
            log.append(jobs.stream().map(Job::payload).toList());
            jobs.forEach(each -> each.answer().complete(true));
        } catch (IOException | RuntimeException failure) {
            jobs.forEach(each -> each.answer().completeExceptionally(failure));
        }
        return job == null ? queue.take() : job;
    }

    @Override
    public void close() throws IOException {
        queue.add(stop);
        stop.answer().join();
        log.close();
    }
}
