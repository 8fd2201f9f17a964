package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.crypto.DeviceIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An open store. One process at a time owns a store; see {@link #open}. */
public final class Loam implements AutoCloseable {
    private Loam() {}

    /** Opens the store in {@code directory}, or makes one if that is absent or empty. */
    public static Loam open(Path directory, LoamOptions options) {
        throw new UnsupportedOperationException(directory + " " + options);
    }

    public OpenReport openReport() {
        throw new UnsupportedOperationException();
    }

    /** The vault of that name. It comes into being with its first memory. */
    public Vault vault(String name) {
        throw new UnsupportedOperationException(name);
    }

    public List<VaultInfo> vaults() {
        throw new UnsupportedOperationException();
    }

    /** The state digest of the whole store, 64 hexadecimal digits. */
    public String digest() {
        throw new UnsupportedOperationException();
    }

    public StoreStats stats() {
        throw new UnsupportedOperationException();
    }

    /** Reads the whole log and checks every frame, checksum and chain. Repairs nothing. */
    public VerifyReport verify(Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** Builds the index anew from the log; writes wait meanwhile. */
    public RebuildReport rebuild(Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** Waits until every text has its vector; false if {@code timeout} passed first. */
    public boolean awaitEmbedded(Duration timeout, Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** This device's key pair. */
    public DeviceIdentity identity() {
        throw new UnsupportedOperationException();
    }

    public List<Peer> peers() {
        throw new UnsupportedOperationException();
    }

    public Optional<Peer> peer(DeviceId id) {
        throw new UnsupportedOperationException();
    }

    /** Trusts a device from now on, or changes what is known of it. Durable when it returns. */
    public void addPeer(Peer peer) {
        throw new UnsupportedOperationException();
    }

    /**
     * Exchanges with a paired device what either lacks, over a link that is already authenticated.
     * Blocks until done. Interrupted at any point, the next call goes on from there.
     */
    public SyncReport sync(PeerLink link, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
