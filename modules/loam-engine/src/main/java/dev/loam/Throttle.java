package dev.loam;

import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import dev.loam.sync.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a session's reads back for as long as its bound on what is sent demands. */
final class Throttle {
    /** A peer need not be told of less: it bears more silence than that. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);

    private final Environment environment;
    private final long bytesPerSecond;
    private TokenBucket bucket;
    private SyncEffect.@Nullable Read held;

    Throttle(long bytesPerSecond, Environment environment) {
        this.environment = environment;
        this.bytesPerSecond = bytesPerSecond;
        this.bucket = TokenBucket.full(bytesPerSecond, environment.elapsedMillis());
    }

    /** Takes charge of {@code read}; tells for how long, if the peer should hear of it. */
    Optional<Duration> hold(SyncEffect.Read read) {
        held = read;
        return Optional.of(bucket.delay(environment.elapsedMillis()))
                .filter(delay -> delay.compareTo(WORTH_TELLING) > 0);
    }

    boolean isHolding() {
        return held != null;
    }

    long dueInMillis() {
        return bucket.delay(environment.elapsedMillis()).toMillis();
    }

    /** Lets the read go that is held, and counts what it gave. */
    SyncInput release(Function<SyncEffect.Read, SyncInput> reader) {
        SyncEffect.Read read = held;
        if (read == null) {
            throw new AssertionError("no read is held");
        }
        held = null;
        SyncInput answer =
                reader.apply(
                        new SyncEffect.Read(
                                read.vault(),
                                read.wanted(),
                                Math.min(read.weightMax(), bytesPerSecond)));
        if (answer instanceof SyncInput.BatchesRead batches) {
            long bytes = batches.entries().stream().mapToLong(SyncEntry::weight).sum();
            bucket = bucket.take(bytes, environment.elapsedMillis());
        }
        return answer;
    }
}
