package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyFile;
import dev.loam.crypto.RecoveryCode;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ways to the master key of a sealed store, and the changes of that key. Each change rewrites
 * the two copies of one small file, whatever the store holds, and is durable when it returns. Any
 * thread.
 */
public final class Keys {
    private final Store store;
    private final StoreKeys keys;
    private final Encryption encryption;
    private final Environment environment;

    private Keys(Store store, StoreKeys keys, Encryption encryption) {
        this.store = store;
        this.keys = keys;
        this.encryption = encryption;
        this.environment = store.environment();
    }

    static Keys of(Store store, Optional<Encryption> encryption) {
        StoreKeys keys =
                store.folder()
                        .keys()
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.NOT_ENCRYPTED,
                                                store.directory() + " is not encrypted"));
        return new Keys(store, keys, encryption.orElseThrow());
    }

    /**
     * What anybody who can read the store's directory may see of its keys, without one of them.
     *
     * @throws LoamException {@code NOT_ENCRYPTED}; {@code CORRUPT}; {@code FORMAT_VERSION}
     */
    public static KeyFile peek(Path store) {
        return StoreKeys.keyFile(store);
    }

    /** Whether the store in this directory is sealed. */
    public static boolean areNeeded(Path store) {
        return StoreKeys.isSealed(store);
    }

    public KeyStatus status() {
        KeyFile file = keys.keyFile();
        return new KeyStatus(
                file.suite(),
                file.epoch(),
                file.since(),
                keys.rotationDue(),
                file.slots(),
                keys.segmentsOfEarlierEpochs());
    }

    /**
     * Adds a way to the master key.
     *
     * @param label for people: up to 64 characters
     * @return the number of the slot
     * @throws LoamException {@code LIMIT_EXCEEDED} where there are 16, {@code KEY_SOURCE}, {@code
     *     KEY_WEAK}, {@code INVALID_ARGUMENT}
     */
    public int add(KeySource source, String label) {
        return add(() -> encryption.toMake(source, keys.store(), environment), label);
    }

    /**
     * Adds a code for paper, which opens the store when all else is lost.
     *
     * @return the code, in ASCII; to be shown once and closed. It is not stored
     */
    public Secret addRecoveryCode() {
        Secret code = RecoveryCode.generate(environment.random());
        try {
            Secret key = RecoveryCode.key(code);
            add(() -> new SlotSecret.Key(SlotSecret.Source.RECOVERY_CODE, key), "recovery code");
            return code;
        } catch (RuntimeException | Error refused) {
            code.close();
            throw refused;
        }
    }

    private int add(Supplier<SlotSecret> secrets, String label) {
        Instant now = environment.now();
        SecureRandom random = environment.random();
        try (SlotSecret secret = secrets.get()) {
            keys.changeSlots(master -> master.withSlot(secret, label, now, random));
        }
        KeyFile.Slot added = keys.keyFile().slots().getLast();
        store.audit().record(new AuditEvent.SlotAdded(added.number(), added.source()));
        return added.number();
    }

    /**
     * Removes a way to the master key. Whoever knew its secret may have kept the master key: after
     * a leak that is to be changed as well, by {@link #rotate}.
     *
     * @throws LoamException {@code NOT_FOUND}; {@code FORBIDDEN} for the last one
     */
    public void remove(int slot) {
        keys.changeSlots(master -> master.withoutSlot(slot));
        store.audit().record(new AuditEvent.SlotRemoved(slot));
    }

    /** A file that leaves the store, for whoever can open the store; to be closed. */
    public SealedStream seal(SealedStream.Kind kind) {
        return keys.begin(kind, environment.now());
    }

    /**
     * Another master key for the same slots, none of whose secrets is needed. What was written
     * before stays sealed as it is, under keys that whoever had the old master key may have kept,
     * until a compaction writes it anew.
     */
    public void rotate() {
        new KeyRotation(store).rotate(AuditEvent.RotationCause.ASKED);
    }

    /**
     * Checks that a key opens the store in this directory, and that its key files and its table of
     * keys are whole. Changes nothing; may be called while another process has the store open.
     *
     * @return how many segments of the log have a key
     * @throws LoamException {@code NOT_ENCRYPTED}, {@code WRONG_KEY}, {@code CORRUPT}, {@code
     *     TAMPERED}, and what the source throws
     */
    public static long verify(Path store, Encryption encryption) {
        return StoreKeys.verify(store, encryption);
    }
}
