package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes what is queued, waiting for nothing, lets each task stage
 * its batches, appends all of them with one force, makes them visible, and then answers. Platform
 * thread, stopped by message: an interrupt would close the log's channel for everybody. Callers
 * wait in a way that no interrupt ends, so what they are told is always what happened.
 */
final class Writer {
    static final int QUEUE_MAX = 4_096;
    static final int GROUP_TASKS_MAX = 4_096;
    static final int GROUP_BYTES_MAX = 4 << 20;

    /** Half of what the log takes at once: the task that goes beyond it may bring as many. */
    private static final int GROUP_BATCHES = 2_048;

    private static final long IDLE_MILLIS = 1_000;

    /** What the writer does to the store; called on its thread only. */
    interface Ground {
        /** A stage on the present state; the writer closes it. */
        Stage begin();

        /** Makes the staged batches durable, as far as the level says, then visible. */
        void publish(Stage stage);

        /** Called after each group and at least once a second: time for a checkpoint? */
        void idle();
    }

    private record Job<R>(Task<R> task, boolean alone, CompletableFuture<R> answer) {
        void fail(Throwable reason) {
            answer.completeExceptionally(reason);
        }

        /** The answer is held back until the group is durable. */
        Runnable run(Stage stage) {
            R result = task.run(stage);
            return () -> answer.complete(result);
        }
    }

    private final Ground ground;
    private final ArrayBlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable LoamException poison;

    Writer(Ground ground, String name) {
        this.ground = ground;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Runs {@code task} in a group with whatever else is queued; blocks until answered.
     *
     * @throws LoamException {@code OVERLOADED} if {@value #QUEUE_MAX} wait already: nothing was
     *     done, and a later attempt may succeed
     */
    <R> R submit(Task<R> task) {
        return submit(task, false);
    }

    /** Runs {@code task} with no other task in its group: it may replace what stages stand on. */
    <R> R submitAlone(Task<R> task) {
        return submit(task, true);
    }

    private <R> R submit(Task<R> task, boolean alone) {
        LoamException broken = poison;
        if (broken != null) {
            throw refusal(broken);
        }
        Job<R> job = new Job<>(task, alone, new CompletableFuture<>());
        if (stopping) {
            throw closed();
        }
        if (!queue.offer(job)) {
            throw new LoamException(
                    ErrorCode.OVERLOADED,
                    QUEUE_MAX + " writes are waiting already; nothing was written, try again");
        }
        if (!thread.isAlive()) {
            failQueued(closed());
        }
        try {
            return job.answer().join();
        } catch (CompletionException failure) {
            throw unwrap(failure);
        }
    }

    private static RuntimeException unwrap(CompletionException failure) {
        return switch (failure.getCause()) {
            // The caller's own stack belongs to the error, so a fresh one is thrown here.
            case LoamException known -> new LoamException(known.code(), message(known), known);
            case AssertionError bug ->
                    new LoamException(
                            ErrorCode.BUG, "one of Loam's own checks failed; please report", bug);
            case null -> failure;
            default -> failure;
        };
    }

    private static String message(LoamException failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    private static LoamException closed() {
        return new LoamException(ErrorCode.CLOSED, "the store is closed");
    }

    private static LoamException refusal(LoamException broken) {
        return new LoamException(broken.code(), message(broken), broken);
    }

    /** Whether a write or force has failed; nothing more is written until a reopen. */
    boolean isPoisoned() {
        return poison != null;
    }

    /** Finishes what is queued, refuses what comes later, and waits for the thread's end. */
    void stop() {
        stopping = true;
        // Wakes the thread where it waits for work; if the queue is full it is awake anyway.
        Job<String> nothing = new Job<>(stage -> "", true, new CompletableFuture<>());
        if (!queue.offer(nothing)) {
            nothing.answer().complete("");
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
        failQueued(closed());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            Job<?> first = poll();
            if (first != null) {
                group(first);
            } else if (stopping) {
                return;
            }
            if (poison == null) {
                guardedIdle();
            }
        }
    }

    private @Nullable Job<?> poll() {
        try {
            return stopping ? queue.poll() : queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException nobodyShould) {
            return null;
        }
    }

    private void group(Job<?> first) {
        List<Job<?>> jobs = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        LoamException broken = poison;
        if (broken != null) {
            first.fail(refusal(broken));
            return;
        }
        try (Stage stage = ground.begin()) {
            Job<?> job = first;
            while (job != null) {
                jobs.add(job);
                runInto(stage, job, answers);
                boolean full =
                        job.alone()
                                || jobs.size() >= GROUP_TASKS_MAX
                                || stage.entries().size() >= GROUP_BATCHES
                                || stage.bytes() >= GROUP_BYTES_MAX;
                Job<?> next = full ? null : queue.peek();
                job = next == null || next.alone() ? null : queue.poll();
            }
            ground.publish(stage);
            answers.forEach(Runnable::run);
        } catch (Throwable failure) {
            fail(jobs, failure);
        }
    }

    private static void runInto(Stage stage, Job<?> job, List<Runnable> answers) {
        try (Stage nested = stage.nested()) {
            Runnable answer = job.run(nested);
            stage.absorb(nested);
            answers.add(answer);
        } catch (LoamException refused) {
            job.fail(refused);
        }
    }

    /** What the log refuses leaves it as it was; after anything else its tail is unknown. */
    private void fail(List<Job<?>> jobs, Throwable failure) {
        LoamException known =
                failure instanceof LoamException loam
                        ? loam
                        : new LoamException(
                                ErrorCode.BUG,
                                "one of Loam's own checks failed; close the store and open it"
                                        + " again",
                                failure);
        boolean isUndone =
                known.code() == ErrorCode.DISK_FULL || known.code() == ErrorCode.LIMIT_EXCEEDED;
        if (!isUndone) {
            poison = known;
        }
        jobs.forEach(job -> job.fail(known));
        if (poison != null) {
            failQueued(known);
        }
    }

    private void failQueued(LoamException reason) {
        for (Job<?> job = queue.poll(); job != null; job = queue.poll()) {
            job.fail(refusal(reason));
        }
    }

    private void guardedIdle() {
        try {
            ground.idle();
        } catch (Throwable failure) {
            fail(List.of(), failure);
        }
    }
}
