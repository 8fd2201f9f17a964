package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.crypto.PairingProof;
import dev.loam.crypto.PairingProof.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the host's side of a pairing: one secret at most, good for one joiner, ten minutes and five
 * wrong proofs. A new offer ends the one before. For an hour after its offer has ended the desk
 * still says why.
 */
final class PairingDesk {
    static final Duration OFFER_AGE_MAX = Duration.ofMinutes(10);
    static final Duration EXPLAINED_MAX = Duration.ofHours(1);
    static final int WRONG_PROOFS_MAX = 5;

    private final Environment environment;
    private final DeviceId host;

    /** Guards the field below. Held while one proof is computed, never across I/O. */
    private final ReentrantLock lock = new ReentrantLock();

    private Optional<Offer> last = Optional.empty();

    private record Offer(Bytes secret, Instant until, int wrongProofs, boolean isUsed) {
        /** Why a right proof would not be accepted; empty if it would be. */
        Optional<PairingRefusal> ended(Instant now) {
            if (isUsed) {
                return Optional.of(PairingRefusal.USED);
            }
            if (wrongProofs >= WRONG_PROOFS_MAX) {
                return Optional.of(PairingRefusal.LOCKED);
            }
            return now.isBefore(until) ? Optional.empty() : Optional.of(PairingRefusal.EXPIRED);
        }

        Offer wrong() {
            return new Offer(secret, until, wrongProofs + 1, isUsed);
        }

        Offer used() {
            return new Offer(secret, until, wrongProofs, true);
        }
    }

    /** What a proof is answered with. */
    sealed interface Answer {
        /** The offer is used up; the host proves itself in turn. */
        record Accepted(Bytes hostProof) implements Answer {}

        /**
         * @param what for the host's owner
         */
        record Refused(PairingRefusal why, String what) implements Answer {}
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
            last = Optional.of(new Offer(secret, until, 0, false));
        } finally {
            lock.unlock();
        }
        return secret;
    }

    /** Whether a stranger's proof is looked at, be it to say why it comes too late. */
    boolean isAttended() {
        Instant now = environment.clock().instant();
        lock.lock();
        try {
            last = last.filter(offer -> now.isBefore(offer.until().plus(EXPLAINED_MAX)));
            return last.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Uses the offer up if the joiner's proof is right; counts it if it is wrong. */
    Answer redeem(Bytes proof, DeviceId joiner, Bytes exporter) {
        Instant now = environment.clock().instant();
        lock.lock();
        try {
            if (last.isEmpty()) {
                return new Answer.Refused(PairingRefusal.EXPIRED, "no pairing is offered");
            }
            Offer offer = last.get();
            Optional<PairingRefusal> ended = offer.ended(now);
            if (ended.isPresent()) {
                return refused(ended.get(), joiner);
            }
            Bytes expected = PairingProof.of(offer.secret(), Role.JOINER, host, joiner, exporter);
            if (!PairingProof.matches(expected, proof)) {
                Offer counted = offer.wrong();
                last = Optional.of(counted);
                return new Answer.Refused(
                        PairingRefusal.WRONG,
                        "device "
                                + joiner
                                + " gave a wrong pairing code, attempt "
                                + counted.wrongProofs()
                                + " of "
                                + WRONG_PROOFS_MAX);
            }
            last = Optional.of(offer.used());
            return new Answer.Accepted(
                    PairingProof.of(offer.secret(), Role.HOST, host, joiner, exporter));
        } finally {
            lock.unlock();
        }
    }

    private static Answer refused(PairingRefusal why, DeviceId joiner) {
        String ended =
                switch (why) {
                    case USED -> "has paired a device already";
                    case LOCKED -> "is void after " + WRONG_PROOFS_MAX + " wrong ones";
                    case EXPIRED, WRONG -> "has expired";
                };
        return new Answer.Refused(
                why,
                "device "
                        + joiner
                        + " came to be paired, but the code on offer "
                        + ended
                        + "; offer a new one");
    }
}
