package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.longrun.RawPayloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Opens an image, compares it with what was answered for, writes on, and opens it again: what is
 * accepted after a crash must be found as well.
 */
final class ImageJudge {
    private static final int AFTERWARDS = 30;

    private final SegmentAppender.Factory appenders;

    ImageJudge(SegmentAppender.Factory appenders) {
        this.appenders = appenders;
    }

    /** What is wrong with the store, if anything is. */
    Optional<String> verdict(Path store, List<String> sent, int acknowledged) throws IOException {
        List<String> expected;
        try (OpLog log = open(store)) {
            expected = CrashWorkload.payloads(log);
            if (!log.report().damage().isEmpty()) {
                return Optional.of("damage is named: " + log.report().notes());
            }
            if (expected.size() > sent.size()
                    || !expected.equals(sent.subList(0, expected.size()))) {
                return Optional.of(
                        "other than what was sent: " + difference(expected, sent) + log.report());
            }
            if (expected.size() < acknowledged) {
                return Optional.of(
                        expected.size()
                                + " of "
                                + acknowledged
                                + " that were answered for; "
                                + log.report().notes());
            }
            for (int i = 0; i < AFTERWARDS; i++) {
                String payload = "afterwards " + i;
                log.append(List.of(Bytes.ofUtf8(payload)));
                expected.add(payload);
            }
        } catch (LoamException refused) {
            return Optional.of("refused: " + refused);
        }
        return reopened(store, expected);
    }

    private Optional<String> reopened(Path store, List<String> expected) throws IOException {
        try (OpLog log = open(store)) {
            List<String> found = CrashWorkload.payloads(log);
            if (!found.equals(expected)) {
                return Optional.of(
                        "after writing on: " + found.size() + " instead of " + expected.size());
            }
            List<String> damage = log.verify((done, total) -> {}).damage();
            if (!damage.isEmpty()) {
                return Optional.of("verify names damage: " + damage);
            }
        } catch (LoamException refused) {
            return Optional.of("refused the second time: " + refused);
        }
        RawPayloads raw = RawPayloads.of(store);
        if (!raw.texts().equals(expected)) {
            return Optional.of(
                    "the raw scanner finds "
                            + raw.texts().size()
                            + " instead of "
                            + expected.size()
                            + "; "
                            + raw.faults());
        }
        return raw.faults().isEmpty()
                ? Optional.empty()
                : Optional.of("the raw scanner: " + raw.faults());
    }

    private OpLog open(Path store) {
        LogOptions options = LogFixture.segmentsOf(25);
        return OpLog.open(store, options, new QuickFiles(), appenders, new Random(5));
    }

    private static String difference(List<String> found, List<String> sent) {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < found.size() && different.size() < 3; i++) {
            if (i >= sent.size() || !found.get(i).equals(sent.get(i))) {
                String text = found.get(i);
                different.add((i + 1) + " is " + text.substring(0, Math.min(40, text.length())));
            }
        }
        return different + " ";
    }
}
