package dev.loam;

import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.LogReader;
import dev.loam.log.OpLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Reads some batches, chosen by chance, and checks each by itself. */
final class SampleVerification {
    private static final int BATCHES_PER_REPORT = 100;

    private final OpLog log;
    private final VerifyScope.Sample sample;

    /** A range that several of the sample hit is told once. */
    private final Set<String> damage = new LinkedHashSet<>();

    private long batches;
    private long bytes;

    SampleVerification(OpLog log, VerifyScope.Sample sample) {
        this.log = log;
        this.sample = sample;
    }

    VerifyReport run(Progress progress) {
        List<Long> chosen = choose(log.end().number());
        for (int i = 0; i < chosen.size(); i++) {
            if (i % BATCHES_PER_REPORT == 0) {
                progress.at(i, chosen.size());
            }
            check(chosen.get(i));
        }
        progress.at(chosen.size(), chosen.size());
        return new VerifyReport(log.segmentCount(), batches, bytes, new ArrayList<>(damage));
    }

    /** Distinct positions up to {@code end}, ascending. */
    private List<Long> choose(long end) {
        TreeSet<Long> chosen = new TreeSet<>();
        SplittableRandom random = new SplittableRandom(sample.seed());
        // After Floyd: as many draws as positions, each set as likely as every other.
        for (long last = Math.max(1, end - sample.batches() + 1); last <= end; last++) {
            if (!chosen.add(random.nextLong(1, last + 1))) {
                chosen.add(last);
            }
        }
        return List.copyOf(chosen);
    }

    private void check(long position) {
        try (LogReader reader = log.readAfter(new Position(position - 1))) {
            boolean isReached = false;
            while (!isReached) {
                // States, which take no position, are for the full verification.
                isReached =
                        switch (reader.next()) {
                            case LogItem.States _, LogItem.LostStates _ -> false;
                            case LogItem.Entry entry -> {
                                check(entry.payload());
                                yield true;
                            }
                            case LogItem.Pack pack -> {
                                int index = (int) (position - pack.first().number());
                                Pack.payloads(pack.payload(), pack.count())
                                        .get(index)
                                        .ifPresent(this::check);
                                yield true;
                            }
                            case LogItem.Damage(Position first, Position last, String what) -> {
                                damage.add("a range up to position " + last + ": " + what);
                                yield true;
                            }
                        };
            }
        } catch (LoamException malformed) {
            damage.add("position " + position + ": " + malformed.getMessage());
        }
    }

    private void check(Bytes payload) {
        bytes += payload.size();
        BatchCodec.decode(LogEntry.decode(payload).batch());
        batches++;
    }
}
