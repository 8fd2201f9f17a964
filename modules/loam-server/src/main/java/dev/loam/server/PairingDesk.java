package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.PairingProof;
import dev.loam.crypto.PairingProof.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the host's side of a pairing: one secret at most, good for one joiner, ten minutes and five
 * wrong proofs. A new offer ends the one before.
 */
final class PairingDesk {
    static final Duration OFFER_AGE_MAX = Duration.ofMinutes(10);
    static final int WRONG_PROOFS_MAX = 5;

    private final Environment environment;
    private final DeviceId host;

    /** Guards the fields below. Held while one proof is computed, never across I/O. */
    private final ReentrantLock lock = new ReentrantLock();

    private Optional<Offer> current = Optional.empty();

    private record Offer(Bytes secret, Instant until, int wrongProofs) {
        boolean isOpen(Instant now) {
            return now.isBefore(until) && wrongProofs < WRONG_PROOFS_MAX;
        }
    }

    PairingDesk(Environment environment, DeviceId host) {
        this.environment = environment;
        this.host = host;
    }

    /** Offers pairing from now on; the secret of the offer. */
    Bytes offer() {
        byte[] random = new byte[PairingProof.SECRET_BYTES];
        environment.random().nextBytes(random);
        Bytes secret = Bytes.adopt(random);
        lock.lock();
        try {
            Instant until = environment.clock().instant().plus(OFFER_AGE_MAX);
            current = Optional.of(new Offer(secret, until, 0));
        } finally {
            lock.unlock();
        }
        return secret;
    }

    /** Whether a right proof would be accepted now. */
    boolean isOpen() {
        lock.lock();
        try {
            return openOffer().isPresent();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Uses the offer up if the joiner's proof is right.
     *
     * @return the host's own proof
     * @throws LoamException {@code FORBIDDEN} if the proof is wrong, then counted, or nothing is
     *     offered
     */
    Bytes redeem(Bytes proof, DeviceId joiner, Bytes exporter) {
        lock.lock();
        try {
            Offer offer =
                    openOffer()
                            .orElseThrow(
                                    () ->
                                            forbidden(
                                                    "no pairing is offered, or its code was used"
                                                            + " or expired; offer a new one"));
            Bytes expected = PairingProof.of(offer.secret(), Role.JOINER, host, joiner, exporter);
            if (!PairingProof.matches(expected, proof)) {
                int wrongProofs = offer.wrongProofs() + 1;
                current = Optional.of(new Offer(offer.secret(), offer.until(), wrongProofs));
                throw forbidden(
                        "device "
                                + joiner
                                + " gave a wrong pairing code, attempt "
                                + wrongProofs
                                + " of "
                                + WRONG_PROOFS_MAX);
            }
            current = Optional.empty();
            return PairingProof.of(offer.secret(), Role.HOST, host, joiner, exporter);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Offer> openOffer() {
        current = current.filter(offer -> offer.isOpen(environment.clock().instant()));
        return current;
    }

    private static LoamException forbidden(String why) {
        return new LoamException(ErrorCode.FORBIDDEN, why);
    }
}
