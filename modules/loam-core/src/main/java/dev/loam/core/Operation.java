package dev.loam.core;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One change, named by its {@link Dot}. It removes only what its author had seen, and says so: an
 * operation on a value names every dot of that value that was live at its author.
 */
public sealed interface Operation {
    /** The dots that it names, in their order and each once. */
    default List<Dot> overwritten() {
        return List.of();
    }

    /** Sets a field. Content: keeps the record alive. */
    record Set(FieldName field, Value value, List<Dot> overwritten, Lifetime lifetime)
            implements Operation {
        public Set {
            overwritten = inOrder(overwritten);
        }
    }

    /** Adds an element to the set of a field. Content: keeps the record alive. */
    record AddElement(FieldName field, Value element, List<Dot> overwritten, Lifetime lifetime)
            implements Operation {
        public AddElement {
            overwritten = inOrder(overwritten);
        }
    }

    /** Removes those additions of an element that it names. */
    record RemoveElement(FieldName field, Value element, List<Dot> overwritten)
            implements Operation {
        public RemoveElement {
            overwritten = inOrder(overwritten);
        }
    }

    /**
     * Attaches a vector.
     *
     * @param model what made it, 1 to 256 bytes of UTF-8 without control characters
     */
    record Embed(String model, Embedding embedding, List<Dot> overwritten) implements Operation {
        public Embed {
            Limits.checkName("model name", model, Limits.NAME_BYTES_MAX);
            overwritten = inOrder(overwritten);
        }
    }

    /** Ends the life of a record as far as its author saw it. */
    record Delete() implements Operation {}

    /** What concerns the vault and no record; stands in the part with the empty key. */
    sealed interface Control extends Operation {}

    /**
     * Makes the vault: the first operation of its first batch.
     *
     * @param devicePublicKey Ed25519, 32 bytes
     * @param nonce 8 random bytes that tell this actor from others of the device
     */
    record Found(String vaultName, Bytes devicePublicKey, Bytes nonce) implements Control {
        public Found {
            Limits.checkVaultName(vaultName);
            checkIdentity(devicePublicKey, nonce);
        }
    }

    /**
     * Lets an actor in. Every member may.
     *
     * @param devicePublicKey Ed25519, 32 bytes
     * @param nonce 8 random bytes that tell this actor from others of the device
     * @param replaced an older actor of the same device, which it excludes; empty if there is none
     */
    record Enrol(Bytes devicePublicKey, Bytes nonce, Optional<ActorId> replaced)
            implements Control {
        public Enrol {
            checkIdentity(devicePublicKey, nonce);
        }

        /** Of a device that comes for the first time. */
        public Enrol(Bytes devicePublicKey, Bytes nonce) {
            this(devicePublicKey, nonce, Optional.empty());
        }
    }

    /** Excludes an actor for good: its device may come back as another. Every member may. */
    record Suspend(ActorId actor) implements Control {}

    /** Excludes its own author for good. */
    record Retire() implements Control {}

    /**
     * Excludes an actor whose device must not come back. Only owners may; every device of a vault
     * is its owner's own, hence an owner.
     */
    record Revoke(ActorId actor) implements Control {}

    /** Says only what its batch says: what its author has applied. */
    record Ack() implements Control {}

    /**
     * Settles what every actor that may still write has acknowledged.
     *
     * @param horizon the stable cut, as its author computed it from its context
     */
    record Cut(VersionVector horizon) implements Control {}

    private static List<Dot> inOrder(List<Dot> dots) {
        return dots.size() < 2 ? List.copyOf(dots) : List.copyOf(new TreeSet<>(dots));
    }

    private static void checkIdentity(Bytes devicePublicKey, Bytes nonce) {
        Invariant.check(
                devicePublicKey.size() == DeviceId.PUBLIC_KEY_SIZE,
                "public key has {0} bytes",
                devicePublicKey.size());
        Invariant.check(nonce.size() == ActorId.NONCE_SIZE, "nonce has {0} bytes", nonce.size());
    }
}
