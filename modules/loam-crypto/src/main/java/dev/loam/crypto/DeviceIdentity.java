package dev.loam.crypto;

/** A device's Ed25519 key pair. */
public final class DeviceIdentity {
    private DeviceIdentity() {}
}
