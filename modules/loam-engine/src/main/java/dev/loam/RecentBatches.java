package dev.loam;

import dev.loam.core.Position;
import dev.loam.sync.Amount;
import dev.loam.sync.SequenceRange;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where an actor's last batches lie, and how large each is: what a live session is about to send,
 * so that it reads the log once and from the right place. Sequences are unbroken.
 */
final class RecentBatches {
    static final int KEPT_MAX = 1_024;
    private static final int KEPT_AT_FIRST = 16;

    // By sequence modulo the length, which is a power of two.
    private long[] positions = new long[KEPT_AT_FIRST];
    private int[] operations = new int[KEPT_AT_FIRST];
    private int[] bytes = new int[KEPT_AT_FIRST];

    private long first = 1;
    private long last;

    void add(long sequence, Position position, int operationCount, int byteCount) {
        if (last == 0 || sequence != last + 1) {
            first = sequence;
        } else if (sequence - first == positions.length) {
            makeRoom();
        }
        int slot = slot(sequence);
        positions[slot] = position.number();
        operations[slot] = operationCount;
        bytes[slot] = byteCount;
        last = sequence;
    }

    private void makeRoom() {
        if (positions.length == KEPT_MAX) {
            first++;
            return;
        }
        long[] oldPositions = positions;
        int[] oldOperations = operations;
        int[] oldBytes = bytes;
        int before = oldPositions.length;
        positions = Arrays.copyOf(oldPositions, 2 * before);
        operations = Arrays.copyOf(oldOperations, 2 * before);
        bytes = Arrays.copyOf(oldBytes, 2 * before);
        for (long sequence = first; sequence <= last; sequence++) {
            int from = (int) (sequence & (before - 1));
            positions[slot(sequence)] = oldPositions[from];
            operations[slot(sequence)] = oldOperations[from];
            bytes[slot(sequence)] = oldBytes[from];
        }
    }

    Optional<Position> positionOf(long sequence) {
        return first <= sequence && sequence <= last
                ? Optional.of(new Position(positions[slot(sequence)]))
                : Optional.empty();
    }

    /** Empty unless all of the range is known. */
    Optional<Amount> measure(SequenceRange range) {
        if (range.after() + 1 < first || range.through() > last) {
            return Optional.empty();
        }
        long operationSum = 0;
        long byteSum = 0;
        for (long sequence = range.after() + 1; sequence <= range.through(); sequence++) {
            operationSum += operations[slot(sequence)];
            byteSum += bytes[slot(sequence)];
        }
        return Optional.of(new Amount(range.batches(), operationSum, byteSum));
    }

    private int slot(long sequence) {
        return (int) (sequence & (positions.length - 1));
    }
}
