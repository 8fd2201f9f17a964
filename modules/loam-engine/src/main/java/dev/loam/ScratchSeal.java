package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.crypto.Opener;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Seals what a scratch file holds under a key that is never stored: when the process ends, nobody
 * can read the file any more. One thread at a time.
 */
final class ScratchSeal implements AutoCloseable {
    private final Sealer sealer;
    private final Opener opener;

    ScratchSeal(Suite suite, SecureRandom random) {
        Sealer.Fresh fresh = Sealer.fresh(suite, random, Sealer.Use.CHUNK);
        this.sealer = fresh.sealer();
        try (Secret key = fresh.key()) {
            this.opener = new Opener(suite, key, Sealer.Use.CHUNK);
        }
    }

    byte[] seal(byte[] content) {
        return sealer.seal(Bytes.EMPTY, Bytes.adopt(content)).toArray();
    }

    Optional<Bytes> open(Bytes stored) {
        return opener.open(Bytes.EMPTY, stored);
    }

    @Override
    public void close() {
        sealer.close();
        opener.close();
    }
}
