package dev.loam.core;

import java.util.Optional;

/** A device with a fixed key, and the actor that it is in {@link #VAULT}. */
record Device(Bytes publicKey, Bytes nonce) {
    static final VaultId VAULT = new VaultId(Bytes.fromHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));

    static Device number(int number) {
        Bytes publicKey = Sha256.of(Bytes.ofUtf8("device " + number));
        return new Device(publicKey, publicKey.slice(0, ActorId.NONCE_SIZE));
    }

    /** The same device as the actor that it is when it has begun anew. */
    Device next() {
        return new Device(publicKey, publicKey.slice(ActorId.NONCE_SIZE, 2 * ActorId.NONCE_SIZE));
    }

    ActorId actor() {
        return ActorId.of(DeviceId.of(publicKey), VAULT, nonce);
    }

    Operation found() {
        return new Operation.Found("home", publicKey, nonce);
    }

    Operation enrol() {
        return new Operation.Enrol(publicKey, nonce);
    }

    Operation replacing(ActorId replaced) {
        return new Operation.Enrol(publicKey, nonce, Optional.of(replaced));
    }
}
