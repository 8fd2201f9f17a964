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

    /** What concerns one field of a record. The kinds keep apart fields of one name. */
    sealed interface OnField extends Operation {
        FieldName field();
    }

    /** Sets a field. Content: keeps the record alive. */
    record Set(FieldName field, Value value, List<Dot> overwritten, Lifetime lifetime)
            implements OnField {
        public Set {
            overwritten = inOrder(overwritten);
        }
    }

    /**
     * Sets a maximum: of what was set concurrently the greatest value is read. Not written if its
     * author reads a value as great already. Does not keep the record alive.
     */
    record Max(FieldName field, Value value, List<Dot> overwritten) implements OnField {
        public Max {
            overwritten = inOrder(overwritten);
        }
    }

    /** As {@link Max}, with the least value. */
    record Min(FieldName field, Value value, List<Dot> overwritten) implements OnField {
        public Min {
            overwritten = inOrder(overwritten);
        }
    }

    /**
     * Adds to the counter of a field, modulo 2^64. Content: keeps the record alive.
     *
     * @param amount any, negative ones count down
     */
    record Increment(FieldName field, long amount, Lifetime lifetime) implements OnField {}

    /** Takes away those increments of a field's counter that its author saw. */
    record Reset(FieldName field) implements OnField {}

    /** Adds an entry to the log of a field. Content: keeps the record alive. */
    record Append(FieldName field, Value entry, Lifetime lifetime) implements OnField {}

    /**
     * Takes away those entries of a field's log that its author saw and that stand before a key.
     */
    record Truncate(FieldName field, LogKey oldestKept) implements OnField {}

    /** Adds an element to the set of a field. Content: keeps the record alive. */
    record AddElement(FieldName field, Value element, List<Dot> overwritten, Lifetime lifetime)
            implements OnField {
        public AddElement {
            overwritten = inOrder(overwritten);
        }
    }

    /** Removes those additions of an element that it names. */
    record RemoveElement(FieldName field, Value element, List<Dot> overwritten) implements OnField {
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

    /**
     * Ends a record for all who had not seen it: what its author saw and what was done concurrently
     * is gone; only what has seen it counts.
     */
    sealed interface Removal extends Operation {}

    /** A removal after which the log may keep what it holds. */
    record Remove() implements Removal {}

    /** A removal after which no store may keep a byte of what the record held. */
    record Purge() implements Removal {}

    /**
     * What a newer Loam wrote: kept, counted and passed on byte for byte. Its flags say what it
     * does to the life of its record.
     *
     * @param tag the kind, one that this Loam does not know and that is not of a control operation,
     *     and its flags
     * @param payload what stood behind its length; refers to no table of its batch
     */
    record Unknown(int tag, Bytes payload) implements Operation {
        public Unknown {
            OperationCodec.checkUnknown(tag);
        }

        boolean isContent() {
            return OperationCodec.isContent(tag);
        }

        Lifetime lifetime() {
            return OperationCodec.lifetime(tag);
        }
    }

    /** What concerns the vault and no record; stands in the part with the empty key. */
    sealed interface Control extends Operation {}

    /**
     * What a newer Loam wrote about the vault: kept and passed on byte for byte.
     *
     * @param tag as that of {@link Unknown}, of the control kinds
     */
    record UnknownControl(int tag, Bytes payload) implements Control {
        public UnknownControl {
            OperationCodec.checkUnknownControl(tag);
        }
    }

    /** Whether a store that does not know the operation must not go on without it. */
    default boolean isCriticalUnknown() {
        return switch (this) {
            case Unknown unknown -> OperationCodec.isCritical(unknown.tag());
            case UnknownControl unknown -> OperationCodec.isCritical(unknown.tag());
            default -> false;
        };
    }

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
     * The receipt of a forget: says that on its author's disk nothing is left of what was purged by
     * all that the author had applied.
     */
    record Erased() implements Control {}

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
