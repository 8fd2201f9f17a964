package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.concurrent.locks.ReentrantLock;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What it costs to try one passphrase: Argon2id, version 1.3 (RFC 9106). It has a floor, below
 * which guessing is cheap, and a ceiling, so that a file that somebody else wrote cannot use up the
 * memory; both hold before anything is allocated.
 *
 * @param memoryKib in KiB, 19 MiB to 1 GiB
 * @param passes over that memory, 2 to 16
 * @param lanes 1 to 4: they help who guesses on many cores, and not this implementation
 */
public record PassphraseCost(int memoryKib, int passes, int lanes) {
    /** OWASP's least for one lane: 19 MiB and two passes. */
    public static final PassphraseCost FLOOR = new PassphraseCost(19 << 10, 2, 1);

    /** RFC 9106, section 4, second choice, with one lane. */
    public static final PassphraseCost STANDARD = new PassphraseCost(64 << 10, 3, 1);

    /** Size of a salt, in bytes. */
    public static final int SALT_BYTES = 16;

    private static final int MEMORY_KIB_MIN = 19 << 10;
    private static final int MEMORY_KIB_MAX = 1 << 20;
    private static final int PASSES_MIN = 2;
    private static final int PASSES_MAX = 16;
    private static final int LANES_MAX = 4;

    /** Held while a key is made: each needs the memory for itself. */
    private static final ReentrantLock DERIVING = new ReentrantLock();

    /**
     * @throws LoamException {@code KEY_WEAK} below the floor, {@code LIMIT_EXCEEDED} above the
     *     ceiling
     */
    public PassphraseCost {
        if (memoryKib < MEMORY_KIB_MIN || passes < PASSES_MIN || lanes < 1) {
            throw new LoamException(
                    ErrorCode.KEY_WEAK,
                    "a passphrase's key is made with at least 19 MiB of memory, 2 passes and 1"
                            + " lane, and not with "
                            + text(memoryKib, passes, lanes));
        }
        if (memoryKib > MEMORY_KIB_MAX || passes > PASSES_MAX || lanes > LANES_MAX) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a passphrase's key is made with at most 1 GiB of memory, 16 passes and 4"
                            + " lanes, and not with "
                            + text(memoryKib, passes, lanes));
        }
    }

    private static String text(int memoryKib, int passes, int lanes) {
        return memoryKib + " KiB, " + passes + " passes and " + lanes + " lanes";
    }

    /** Takes as long as one try does: for whoever finds out what this machine can afford. */
    public void rehearse() {
        try (Secret nothing = Secret.take(new byte[1])) {
            key(nothing, Bytes.adopt(new byte[SALT_BYTES])).close();
        }
    }

    /**
     * The key of a passphrase, 32 bytes. One is made at a time, however many ask.
     *
     * @param passphrase in UTF-8, in normal form C
     * @param salt {@value #SALT_BYTES} random bytes
     */
    Secret key(Secret passphrase, Bytes salt) {
        DERIVING.lock();
        try {
            return passphrase.with(
                    text -> {
                        Argon2Parameters parameters =
                                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                                        .withMemoryAsKB(memoryKib)
                                        .withIterations(passes)
                                        .withParallelism(lanes)
                                        .withSalt(salt.toArray())
                                        .build();
                        Argon2BytesGenerator generator = new Argon2BytesGenerator();
                        generator.init(parameters);
                        byte[] key = new byte[Suite.KEY_BYTES];
                        generator.generateBytes(text, key);
                        return Secret.take(key);
                    });
        } finally {
            DERIVING.unlock();
        }
    }
}
