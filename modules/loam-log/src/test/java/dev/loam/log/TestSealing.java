package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM with keys that are kept in memory, as a store would keep them on its disk: what a method
 * returned for is there after a crash. May fail at its nth call, as the disk under it would.
 */
final class TestSealing implements LogSealing {
    static final int OVERHEAD_BYTES = 28;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final StoreId store;
    private final SecretKeySpec master;
    private final Map<Bytes, SecretKeySpec> keys = new ConcurrentHashMap<>();
    private final Map<Bytes, SegmentEnd> ends = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final Random random;
    private int failingCall;
    private @Nullable LoamException failure;

    TestSealing() {
        this(1);
    }

    TestSealing(int seed) {
        this.random = new Random(seed);
        this.store = new StoreId(bytes(StoreId.SIZE));
        this.master = new SecretKeySpec(bytes(32).toArray(), "HmacSHA256");
    }

    /** Of a store that is known. */
    TestSealing(StoreId store, Bytes master) {
        this.random = new Random(3);
        this.store = store;
        this.master = new SecretKeySpec(master.toArray(), "HmacSHA256");
    }

    /** The same keys at this moment, as a copy of the store has them. */
    TestSealing copy() {
        TestSealing copy = new TestSealing(this);
        copy.keys.putAll(keys);
        copy.ends.putAll(ends);
        return copy;
    }

    private TestSealing(TestSealing other) {
        this.random = new Random(other.random.nextLong());
        this.store = other.store;
        this.master = other.master;
    }

    LogOptions with(LogOptions options) {
        return options.sealing(() -> Optional.of(this));
    }

    /** A sealed log whose segments a plain channel writes, each with an id of its own. */
    OpLog open(Path store, LogOptions options, StoreFiles files) {
        return open(store, options, files, PlainSegment::create);
    }

    OpLog open(
            Path store, LogOptions options, StoreFiles files, SegmentAppender.Factory appenders) {
        return OpLog.open(store, with(options), files, appenders, random);
    }

    OpLog open(Path store) {
        return open(store, LogFixture.OPTIONS, new QuickFiles());
    }

    Set<Bytes> keyed() {
        return new HashSet<>(keys.keySet());
    }

    /** Sealers and openers that nobody closed. */
    int open() {
        return open.get();
    }

    void loseKey(Bytes segmentId) {
        keys.remove(segmentId);
        ends.remove(segmentId);
    }

    void forgetEnd(Bytes segmentId) {
        ends.remove(segmentId);
    }

    /** Fails at the nth call from now, from 1, that is to make something durable. */
    void failAt(int call, LoamException with) {
        failingCall = call;
        failure = with;
    }

    boolean hasFailed() {
        return failure != null && failingCall <= 0;
    }

    void mend() {
        failure = null;
    }

    private void durably() {
        failingCall--;
        if (failingCall == 0 && failure != null) {
            throw failure;
        }
    }

    @Override
    public StoreId store() {
        return store;
    }

    @Override
    public Sealer begin(Bytes segmentId) {
        durably();
        SecretKeySpec key = new SecretKeySpec(bytes(32).toArray(), "AES");
        if (keys.putIfAbsent(segmentId, key) != null) {
            throw new AssertionError("two segments have one id");
        }
        open.incrementAndGet();
        return new GcmSealer(key);
    }

    @Override
    public Optional<Opener> opener(Bytes segmentId) {
        Optional<Opener> opener = Optional.ofNullable(keys.get(segmentId)).map(GcmOpener::new);
        opener.ifPresent(opened -> open.incrementAndGet());
        return opener;
    }

    @Override
    public void ended(Bytes segmentId, SegmentEnd end) {
        durably();
        if (!keys.containsKey(segmentId)) {
            throw new AssertionError("a segment without a key ended");
        }
        SegmentEnd before = ends.put(segmentId, end);
        if (before != null && !before.equals(end)) {
            throw new AssertionError("a segment ended twice, and not in the same way");
        }
    }

    @Override
    public Optional<SegmentEnd> end(Bytes segmentId) {
        return Optional.ofNullable(ends.get(segmentId));
    }

    @Override
    public void keepOnly(Set<Bytes> segmentIds) {
        durably();
        keys.keySet().retainAll(segmentIds);
        ends.keySet().retainAll(segmentIds);
    }

    @Override
    public Bytes authenticate(Bytes text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(master);
            return Bytes.adopt(mac.doFinal(text.toArray()));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }

    private final class GcmSealer implements Sealer {
        private final Cipher cipher = cipher();
        private final SecretKeySpec key;
        private long sealed;
        private boolean isClosed;

        GcmSealer(SecretKeySpec key) {
            this.key = key;
        }

        @Override
        public int overheadBytes() {
            return OVERHEAD_BYTES;
        }

        @Override
        public Bytes seal(Bytes associated, Bytes payload) {
            if (isClosed) {
                throw new AssertionError("sealed with a closed sealer");
            }
            byte[] sealed = new byte[payload.size() + OVERHEAD_BYTES];
            ByteBuffer.wrap(sealed).putLong(4, this.sealed++);
            try {
                cipher.init(
                        Cipher.ENCRYPT_MODE,
                        key,
                        new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
                cipher.updateAAD(associated.asBuffer());
                byte[] plain = payload.toArray();
                cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
                return Bytes.adopt(sealed);
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                open.decrementAndGet();
            }
        }
    }

    private final class GcmOpener implements Opener {
        private final Cipher cipher = cipher();
        private final SecretKeySpec key;
        private boolean isClosed;

        GcmOpener(SecretKeySpec key) {
            this.key = key;
        }

        @Override
        public Optional<Bytes> open(Bytes associated, Bytes sealed) {
            if (isClosed) {
                throw new AssertionError("opened with a closed opener");
            }
            if (sealed.size() < OVERHEAD_BYTES) {
                return Optional.empty();
            }
            byte[] content = sealed.toArray();
            try {
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        key,
                        new GCMParameterSpec(TAG_BITS, content, 0, NONCE_BYTES));
                cipher.updateAAD(associated.asBuffer());
                return Optional.of(
                        Bytes.adopt(
                                cipher.doFinal(
                                        content, NONCE_BYTES, content.length - NONCE_BYTES)));
            } catch (AEADBadTagException changed) {
                return Optional.empty();
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                open.decrementAndGet();
            }
        }
    }
}
