package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;

/**
 * A key of a store that stays when the master key changes, since a table keeps it. It seals small
 * files, and the tables of what need not be written anew for a new master key. Any thread.
 */
public final class LastingKey implements KeyTable.Parent, AutoCloseable {
    private static final String WRAP = "wrap";

    private final StoreId store;
    private final Suite suite;
    private final Secret key;

    /** Takes the key over. */
    public LastingKey(StoreId store, Suite suite, Secret key) {
        this.store = store;
        this.suite = suite;
        this.key = key;
    }

    /** A small file, or what else is written as a whole; see {@link SealedBlob}. */
    public Bytes seal(SecureRandom random, String label, Bytes associated, Bytes content) {
        return SealedBlob.seal(suite, key, random, label, associated, content);
    }

    /** Empty if it was altered, is of another label, or something else is associated with it. */
    public Optional<Bytes> open(String label, Bytes associated, Bytes sealed) {
        return SealedBlob.open(suite, key, label, associated, sealed);
    }

    /** 32 bytes that nobody without the key makes for this text. */
    public Bytes authenticate(String label, Bytes text) {
        return KeyDerivation.authenticate(key, store.bytes(), label, text);
    }

    @Override
    public StoreId store() {
        return store;
    }

    @Override
    public Suite suite() {
        return suite;
    }

    @Override
    public Secret tableKey() {
        return key;
    }

    @Override
    public Bytes wrap(Bytes id, byte[] dataKey) {
        return KeyDerivation.with(
                key, store.bytes(), WRAP, id, wrapping -> KeyWrap.wrap(wrapping, dataKey));
    }

    @Override
    public <R> Optional<R> unwrap(Bytes id, Bytes wrapped, Function<byte[], R> use) {
        return KeyDerivation.with(
                key, store.bytes(), WRAP, id, wrapping -> KeyWrap.unwrap(wrapping, wrapped, use));
    }

    @Override
    public void close() {
        key.close();
    }
}
