package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.longrun.RawPayloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Opens an image, compares it with what was answered for, writes on, and opens it again: what is
 * accepted after a crash must be found as well, and what a compaction left behind must be gone.
 */
final class ImageJudge {
    /** Whether what was cut short is begun again. */
    enum Continuation {
        APPEND,
        APPEND_AND_COMPACT
    }

    private static final int AFTERWARDS = 30;

    private final SegmentAppender.Factory appenders;
    private final Continuation continuation;

    ImageJudge(SegmentAppender.Factory appenders, Continuation continuation) {
        this.appenders = appenders;
        this.continuation = continuation;
    }

    /** What is wrong with the store, if anything is. */
    Optional<String> verdict(Path store, Ledger ledger) throws IOException {
        List<String> expected;
        String compaction;
        try (OpLog log = open(store)) {
            Optional<String> wrong = ledger.contradiction(log);
            if (wrong.isPresent()) {
                return wrong;
            }
            StoreContent content = StoreContent.of(LogFixture.read(log));
            expected = new ArrayList<>(content.texts());
            for (int i = 0; i < AFTERWARDS; i++) {
                append(log, expected, "afterwards " + i);
            }
            compaction =
                    continuation == Continuation.APPEND
                            ? content.compaction()
                            : compact(log, expected);
        } catch (LoamException refused) {
            return Optional.of("refused: " + refused);
        }
        Optional<String> wrong = leftovers(store).or(() -> reopened(store, expected, compaction));
        return wrong.isPresent() ? wrong : raw(store, expected);
    }

    private static void append(OpLog log, List<String> expected, String text) {
        log.append(List.of(Bytes.ofUtf8(text)));
        expected.add(text);
    }

    private static String compact(OpLog log, List<String> expected) {
        String name = "compaction afterwards";
        Position last = log.sealedEnds().getLast();
        TextCompaction compaction = new TextCompaction(name, new Random(5), () -> {});
        try (SegmentDraft draft = log.draft(last, TextCompaction.PAYLOAD_BYTES_MAX)) {
            compaction.write(draft, expected);
            log.replace(draft);
        }
        append(log, expected, "after all");
        return name;
    }

    /** What is in the log's directory and belongs to no segment that counts. */
    private static Optional<String> leftovers(Path store) throws IOException {
        LogDirectory log = LogFixture.logOf(store);
        List<Long> listed =
                Manifest.decode(Files.readAllBytes(log.manifest()))
                        .orElseThrow()
                        .segments()
                        .stream()
                        .map(entry -> entry.name().number())
                        .sorted()
                        .toList();
        if (!log.leftovers().isEmpty() || !log.segmentNumbers().equals(listed)) {
            try (Stream<Path> names = Files.list(log.path())) {
                return Optional.of("listed are " + listed + ", there are " + names.toList());
            }
        }
        return Optional.empty();
    }

    private Optional<String> reopened(Path store, List<String> expected, String compaction) {
        try (OpLog log = open(store)) {
            StoreContent found = StoreContent.of(LogFixture.read(log));
            if (!found.texts().equals(expected)) {
                return Optional.of(
                        "after writing on: %d instead of %d"
                                .formatted(found.texts().size(), expected.size()));
            }
            if (!found.compaction().equals(compaction)) {
                return Optional.of("after writing on: \"" + found.compaction() + "\"");
            }
            if (!log.report().cleanlyClosed()) {
                return Optional.of("not cleanly closed: " + log.report().notes());
            }
            List<String> damage = log.verify((done, total) -> {}).damage();
            return damage.isEmpty()
                    ? Optional.empty()
                    : Optional.of("verify names damage: " + damage);
        } catch (LoamException refused) {
            return Optional.of("refused the second time: " + refused);
        }
    }

    private static Optional<String> raw(Path store, List<String> expected) throws IOException {
        RawPayloads raw = RawPayloads.of(store);
        List<String> found = StoreContent.of(raw).texts();
        boolean isSame = found.equals(expected) && raw.faults().isEmpty();
        return isSame
                ? Optional.empty()
                : Optional.of(
                        "the raw scanner finds %d instead of %d; %s"
                                .formatted(found.size(), expected.size(), raw.faults()));
    }

    private OpLog open(Path store) {
        LogOptions options = LogFixture.segmentsOf(25);
        return OpLog.open(store, options, new QuickFiles(), appenders, new Random(5));
    }
}
