package dev.loam.core;

/**
 * What is known of an enrolled actor.
 *
 * @param publicKey of its device, Ed25519, 32 bytes
 * @param tip of its last batch applied; {@link Tip#NONE} before the first
 * @param hash of its chain up to the tip
 * @param stamp of its last batch
 * @param context what it had applied with its last batch, that batch included
 */
public record ActorState(
        Bytes publicKey,
        DeviceId device,
        Tip tip,
        ChainHash hash,
        Stamp stamp,
        VersionVector context) {

    /** An actor that was let in and has not written yet. */
    static ActorState enrolled(Bytes publicKey) {
        return new ActorState(
                publicKey,
                DeviceId.of(publicKey),
                Tip.NONE,
                Chain.START,
                Stamp.ZERO,
                VersionVector.EMPTY);
    }
}
