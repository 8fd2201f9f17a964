package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Bytes that must not outlive their use: a key, a passphrase. They lie outside the heap, so that no
 * collector copies them and no heap dump holds them, and are overwritten by {@link #close}; if that
 * is forgotten, when nothing refers to them any more. Prints nothing, compares with nothing, and is
 * no value to be serialized. Any thread.
 */
public final class Secret implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Content content;
    private final Cleaner.Cleanable wiping;

    private Secret(byte[] source) {
        this.content = new Content(source);
        this.wiping = CLEANER.register(this, content);
    }

    /**
     * Knows nothing of the secret, which could then never be collected. The memory is given back by
     * the collector, some time after it was wiped: to end an arena that any thread may close, the
     * JVM stops every thread for a moment, and keys come and go by the thousand.
     */
    private static final class Content implements Runnable {
        private final MemorySegment bytes;

        /** Held while the bytes are copied or wiped: half a key must never be lent as a whole. */
        private final ReentrantLock lock = new ReentrantLock();

        private boolean isWiped;

        Content(byte[] source) {
            bytes = Arena.ofAuto().allocate(source.length);
            MemorySegment.copy(source, 0, bytes, ValueLayout.JAVA_BYTE, 0, source.length);
        }

        int size() {
            return Math.toIntExact(bytes.byteSize());
        }

        void copyTo(byte[] target) {
            lock.lock();
            try {
                if (isWiped) {
                    throw new LoamException(ErrorCode.CLOSED, "the key has been wiped");
                }
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, target, 0, target.length);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            lock.lock();
            try {
                isWiped = true;
                bytes.fill((byte) 0);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes over what the array holds, and overwrites it with zeros. */
    public static Secret take(byte[] source) {
        try {
            return new Secret(source);
        } finally {
            Arrays.fill(source, (byte) 0);
        }
    }

    /** So many random bytes. */
    public static Secret random(SecureRandom random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return take(bytes);
    }

    /** Another of the same bytes, to be closed by itself. */
    Secret copy() {
        return take(with(byte[]::clone));
    }

    /** The one, and the other behind it. */
    static Secret joined(Secret first, Secret second) {
        byte[] both = new byte[first.size() + second.size()];
        copyInto(first, both, 0);
        copyInto(second, both, first.size());
        return take(both);
    }

    private static void copyInto(Secret from, byte[] target, int at) {
        from.with(
                bytes -> {
                    System.arraycopy(bytes, 0, target, at, bytes.length);
                    return bytes.length;
                });
    }

    /** In bytes. */
    public int size() {
        return content.size();
    }

    /**
     * Lends a copy on the heap, which is overwritten when {@code use} returns: it must keep none.
     *
     * @throws LoamException {@code CLOSED} if the secret is gone
     */
    public <R> R with(Function<byte[], R> use) {
        byte[] copy = new byte[size()];
        try {
            content.copyTo(copy);
            return use.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
            // Nothing else may refer to it any more: it must not be wiped while it is copied.
            Reference.reachabilityFence(this);
        }
    }

    /** Overwrites the bytes; they are gone then for every holder of this object. */
    @Override
    public void close() {
        wiping.clean();
    }

    @Override
    public String toString() {
        return "***";
    }
}
