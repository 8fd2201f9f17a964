package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens a store in which something is wrong: what it gives is what was written, or damage that is
 * named and lies where the fault does.
 */
final class BitRotJudge {
    /**
     * Where damage may be.
     *
     * @param damagedMax how many positions one fault may cost
     * @param lostTailMax how many last positions may be cut as never vouched for
     */
    record Bounds(PositionRange positions, int damagedMax, int lostTailMax) {
        boolean covers(LogItem.Damage damage) {
            return damage.first().number() >= positions.first()
                    && damage.last().number() <= positions.last();
        }
    }

    /**
     * What came of it.
     *
     * @param wrong what may not be, if anything
     * @param isTouched whether opening had something to repair
     * @param isDamaged whether positions were lost, and named
     */
    record Verdict(Optional<String> wrong, boolean isTouched, boolean isDamaged) {}

    /** Verifying costs more than all else. */
    enum Depth {
        READ,
        READ_AND_VERIFY
    }

    private final Bounds bounds;
    private final Depth depth;
    private final List<String> wrong = new ArrayList<>();
    private long expected = 1;
    private long damaged;

    private BitRotJudge(Bounds bounds, Depth depth) {
        this.bounds = bounds;
        this.depth = depth;
    }

    /** Opens once, and again if the first opening repaired something. */
    static Verdict verdict(Path store, Bounds bounds, Depth depth) {
        Verdict first = opened(store, bounds, depth);
        if (first.wrong().isPresent() || !first.isTouched()) {
            return first;
        }
        Verdict second = opened(store, bounds, depth);
        return new Verdict(
                second.wrong().map(what -> "reopened: " + what),
                true,
                first.isDamaged() || second.isDamaged());
    }

    private static Verdict opened(Path store, Bounds bounds, Depth depth) {
        try (OpLog log = LogFixture.openQuickly(store)) {
            BitRotJudge judge = new BitRotJudge(bounds, depth);
            LogFixture.read(log).forEach(judge::take);
            judge.end(log);
            return new Verdict(
                    judge.wrong.isEmpty()
                            ? Optional.empty()
                            : Optional.of(judge.wrong + "; " + log.report()),
                    !log.report().notes().isEmpty() || !log.report().cleanlyClosed(),
                    judge.damaged > 0);
        } catch (LoamException refused) {
            return new Verdict(Optional.of("refused: " + refused), true, false);
        }
    }

    private void take(LogItem item) {
        switch (item) {
            case LogItem.Entry(Position position, Bytes payload) -> {
                if (position.number() != expected) {
                    wrong.add(position + " after " + (expected - 1));
                } else if (!payload.equals(BitRotStore.payload(expected))) {
                    wrong.add("other data at " + expected);
                }
                expected = position.number() + 1;
            }
            case LogItem.Damage damage -> {
                if (damage.first().number() != expected || !bounds.covers(damage)) {
                    wrong.add("unexpected " + damage);
                }
                damaged += damage.last().number() - damage.first().number() + 1;
                expected = damage.last().number() + 1;
            }
            case LogItem.Pack _, LogItem.States _, LogItem.LostStates _ ->
                    wrong.add("nothing was compacted");
        }
    }

    private void end(OpLog log) {
        long missing = BitRotStore.ENTRIES - (expected - 1);
        if (missing > bounds.lostTailMax()) {
            wrong.add(missing + " positions are missing without a word");
        }
        if (damaged > bounds.damagedMax()) {
            wrong.add(damaged + " positions are damaged");
        }
        boolean isAsked = depth == Depth.READ_AND_VERIFY && damaged > 0;
        if (isAsked && log.verify((done, total) -> {}).damage().isEmpty()) {
            wrong.add("verify names no damage");
        }
    }
}
