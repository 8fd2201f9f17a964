package dev.loam.core;

/** A device with a fixed key, and the actor that it is in {@link #VAULT}. */
record Device(Bytes publicKey, Bytes nonce) {
    static final VaultId VAULT = new VaultId(Bytes.fromHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));

    static Device number(int number) {
        Bytes publicKey = Sha256.of(Bytes.ofUtf8("device " + number));
        return new Device(publicKey, publicKey.slice(0, ActorId.NONCE_SIZE));
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
}
