package dev.loam.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own that damages a store in every way of one kind and reads it each time. Prints
 * a line now and then, one for each violation, and last one with what it did.
 */
final class BitRotChild {
    private static final int PREAMBLE_STEP = 16;

    /** What the owner left open is read in full by each opening, which takes its time. */
    private static final int OPEN_STEP = 4;

    private static final int CASES_PER_LINE = 200;
    private static final int CASES_PER_VERIFICATION = 16;
    private static final PositionRange NOWHERE = new PositionRange(1, 1);

    private final BitRotStore store;
    private final Random random;
    private int cases;
    private int damaged;
    private int violations;

    private BitRotChild(BitRotStore store, long seed) {
        this.store = store;
        this.random = new Random(seed);
    }

    /** Arguments: directory, kind, seed. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        boolean isSealed = !arguments[1].startsWith("open-");
        BitRotChild child = new BitRotChild(BitRotStore.make(directory, isSealed), seed);
        switch (arguments[1]) {
            case "flip", "zero" -> child.everyByte(arguments[1], 1, true);
            case "open-flip" -> child.everyByte("flip", BitRotStore.SEGMENTS, false);
            case "open-zero" -> child.everyByte("zero", BitRotStore.SEGMENTS, false);
            case "cut" -> child.everyLength(1, true);
            case "open-cut" -> child.everyLength(BitRotStore.SEGMENTS, false);
            case "files" -> child.everyFile();
            default -> throw new IllegalArgumentException(arguments[1]);
        }
        System.out.printf(
                "done %s cases=%d damaged=%d violations=%d%n",
                arguments[1], child.cases, child.damaged, child.violations);
    }

    private void everyByte(String how, int firstSegment, boolean isSealed) throws IOException {
        for (String name : store.names()) {
            int segment = segmentOf(name);
            if (segment > 0 && segment < firstSegment) {
                continue;
            }
            byte[] whole = store.content(name);
            boolean isFrames = name.endsWith(LogDirectory.FRAMES);
            int head = isFrames ? store.headOf(segment) - SegmentCursor.WORD_BYTES : 0;
            for (int at = 0; at < BitRotStore.used(whole); at += step(at, head, isSealed)) {
                byte[] changed = whole.clone();
                changed[at] =
                        how.equals("zero") ? 0 : (byte) (changed[at] ^ 1 << random.nextInt(8));
                if (changed[at] != whole[at]) {
                    BitRotJudge.Bounds bounds =
                            isFrames
                                    ? new BitRotJudge.Bounds(
                                            range(segment),
                                            1,
                                            isSealed || segment < BitRotStore.SEGMENTS ? 0 : 1)
                                    : new BitRotJudge.Bounds(NOWHERE, 0, 0);
                    judge(how + " " + name + " at " + at, Map.of(name, changed), bounds);
                }
            }
        }
    }

    private static int step(int at, int head, boolean isSealed) {
        if (at < head) {
            return PREAMBLE_STEP;
        }
        return isSealed ? 1 : OPEN_STEP;
    }

    private void everyLength(int firstSegment, boolean isSealed) throws IOException {
        for (String name : store.names()) {
            int segment = segmentOf(name);
            if (segment > 0 && segment < firstSegment) {
                continue;
            }
            byte[] whole = store.content(name);
            boolean isFrames = name.endsWith(LogDirectory.FRAMES);
            int head = isFrames ? store.headOf(segment) - SegmentCursor.WORD_BYTES : 0;
            for (int length = 0;
                    length < BitRotStore.used(whole);
                    length += step(length, head, isSealed)) {
                BitRotJudge.Bounds bounds = new BitRotJudge.Bounds(NOWHERE, 0, 0);
                if (isFrames) {
                    long first = store.firstBeyond(segment, length);
                    int lost = Math.toIntExact(range(segment).last() - first + 1);
                    boolean isOpen = !isSealed && segment == BitRotStore.SEGMENTS;
                    bounds =
                            new BitRotJudge.Bounds(
                                    lost == 0
                                            ? NOWHERE
                                            : new PositionRange(first, first + lost - 1),
                                    lost,
                                    isOpen ? lost : 0);
                }
                byte[] cut = Arrays.copyOf(whole, length);
                judge("cut " + name + " at " + length, Map.of(name, cut), bounds);
            }
        }
    }

    private void everyFile() throws IOException {
        for (String name : store.names()) {
            boolean isFrames = name.endsWith(LogDirectory.FRAMES);
            BitRotJudge.Bounds bounds =
                    isFrames
                            ? new BitRotJudge.Bounds(
                                    range(segmentOf(name)), BitRotStore.PER_SEGMENT, 0)
                            : new BitRotJudge.Bounds(NOWHERE, 0, 0);
            judge("no " + name, Collections.singletonMap(name, null), bounds);
        }
        for (int one = 1; one <= BitRotStore.SEGMENTS; one++) {
            removed(one);
            for (int other = 1; other <= BitRotStore.SEGMENTS; other++) {
                if (one < other) {
                    swapped(one, other);
                }
                if (one != other) {
                    replaced(one, other);
                }
            }
            duplicated(one);
        }
    }

    private void removed(int segment) throws IOException {
        Map<String, byte @Nullable []> changed = new HashMap<>();
        changed.put(BitRotStore.frames(segment), null);
        changed.put(BitRotStore.segment(segment) + Footer.FILE_NAME, null);
        judge(
                "no segment " + segment,
                changed,
                new BitRotJudge.Bounds(range(segment), BitRotStore.PER_SEGMENT, 0));
    }

    private void swapped(int one, int other) throws IOException {
        PositionRange both = new PositionRange(range(one).first(), range(other).last());
        BitRotJudge.Bounds bounds = new BitRotJudge.Bounds(both, 2 * BitRotStore.PER_SEGMENT, 0);
        Map<String, byte @Nullable []> frames = new HashMap<>();
        frames.put(BitRotStore.frames(one), store.content(BitRotStore.frames(other)));
        frames.put(BitRotStore.frames(other), store.content(BitRotStore.frames(one)));
        judge("frames of " + one + " and " + other + " swapped", frames, bounds);
        String footerOne = BitRotStore.segment(one) + Footer.FILE_NAME;
        String footerOther = BitRotStore.segment(other) + Footer.FILE_NAME;
        Map<String, byte @Nullable []> footers = new HashMap<>();
        footers.put(footerOne, store.content(footerOther));
        footers.put(footerOther, store.content(footerOne));
        judge(
                "footers of " + one + " and " + other + " swapped",
                footers,
                new BitRotJudge.Bounds(NOWHERE, 0, 0));
        Map<String, byte @Nullable []> whole = new HashMap<>(frames);
        whole.putAll(footers);
        judge("segments " + one + " and " + other + " swapped", whole, bounds);
    }

    private void replaced(int one, int other) throws IOException {
        judge(
                "frames of " + other + " in place of " + one,
                Map.of(BitRotStore.frames(one), store.content(BitRotStore.frames(other))),
                new BitRotJudge.Bounds(range(one), BitRotStore.PER_SEGMENT, 0));
    }

    private void duplicated(int segment) throws IOException {
        String copy = BitRotStore.segment(BitRotStore.SEGMENTS + 1);
        Map<String, byte @Nullable []> changed = new HashMap<>();
        changed.put(copy + LogDirectory.FRAMES, store.content(BitRotStore.frames(segment)));
        changed.put(
                copy + Footer.FILE_NAME,
                store.content(BitRotStore.segment(segment) + Footer.FILE_NAME));
        BitRotJudge.Bounds harmless = new BitRotJudge.Bounds(NOWHERE, 0, 0);
        judge("segment " + segment + " twice", changed, harmless);
        changed.put(Manifest.FILE_NAME, null);
        judge("segment " + segment + " twice and no MANIFEST", changed, harmless);
    }

    private void judge(
            String what, Map<String, byte @Nullable []> changed, BitRotJudge.Bounds bounds)
            throws IOException {
        cases++;
        if (cases % CASES_PER_LINE == 0) {
            System.out.println("at " + what);
        }
        BitRotJudge.Depth depth =
                cases % CASES_PER_VERIFICATION == 0
                        ? BitRotJudge.Depth.READ_AND_VERIFY
                        : BitRotJudge.Depth.READ;
        Path laidOut = store.layOut(changed);
        try {
            BitRotJudge.Verdict verdict = BitRotJudge.verdict(laidOut, bounds, depth);
            verdict.wrong().ifPresent(wrong -> violation(what, wrong));
            damaged += verdict.isDamaged() ? 1 : 0;
            store.restore(changed, verdict.isTouched());
        } catch (RuntimeException | Error thrown) {
            violation(what, thrown.toString());
            store.restore(changed, true);
        }
    }

    private void violation(String what, String wrong) {
        violations++;
        System.out.println("violation: " + what + ": " + wrong);
    }

    private static PositionRange range(int segment) {
        long last = (long) segment * BitRotStore.PER_SEGMENT;
        return new PositionRange(last - BitRotStore.PER_SEGMENT + 1, last);
    }

    /** 0 for a file that belongs to none. */
    private static int segmentOf(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? 0 : Integer.parseInt(name.substring(0, slash), 16);
    }
}
