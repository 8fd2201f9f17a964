package dev.loam.server;

import dev.loam.PeerLink;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.crypto.PairingProof;
import dev.loam.server.DeviceTls.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;

/** Frames over TLS: length as four bytes, big endian, then that many bytes. */
final class TlsLink implements PeerLink {
    private static final int LENGTH_BYTES = 4;
    private static final long FAREWELL_MILLIS = 2_000;
    private static final String EXPORTER_LABEL = "EXPORTER-Loam-Pairing";

    private final Socket raw;
    private final SSLSocket tls;
    private final Bytes publicKey;
    private final InputStream in;
    private final OutputStream out;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TlsLink(Socket raw, SSLSocket tls, Bytes publicKey) throws IOException {
        this.raw = raw;
        this.tls = tls;
        this.publicKey = publicKey;
        this.in = tls.getInputStream();
        this.out = tls.getOutputStream();
    }

    /**
     * Shakes hands over {@code raw}, a connected socket that the link takes over.
     *
     * @throws LoamException {@code FORBIDDEN} if {@code trust} refuses the other side, {@code
     *     CONNECTION} if it does not speak our protocol
     */
    static TlsLink open(Socket raw, DeviceTls device, Side side, PeerTrust trust) {
        try {
            return open(raw, device.over(raw, side, trust), trust);
        } catch (IOException failed) {
            throw notLoam(failed);
        }
    }

    static TlsLink open(Socket raw, SSLSocket tls, PeerTrust trust) {
        try {
            // Frames are whole messages that the other side waits for.
            raw.setTcpNoDelay(true);
            tls.startHandshake();
            Optional<Bytes> key = trust.presentedKey();
            if (key.isPresent() && tls.getApplicationProtocol().equals(DeviceTls.PROTOCOL)) {
                return new TlsLink(raw, tls, key.get());
            }
        } catch (IOException failed) {
            throw trust.refusal().orElseGet(() -> notLoam(failed));
        }
        throw notLoam(new IOException("no common application protocol"));
    }

    private static LoamException notLoam(IOException cause) {
        return new LoamException(
                ErrorCode.CONNECTION,
                "no agreement on TLS 1.3 with "
                        + DeviceTls.PROTOCOL
                        + "; check that Loam runs on both sides of this address and port",
                cause);
    }

    @Override
    public DeviceId peer() {
        return DeviceIdentity.idOf(publicKey);
    }

    /** The key that the other side holds. */
    Bytes publicKey() {
        return publicKey;
    }

    /** A value that both ends of this connection know, and no other connection has. */
    Bytes exporter() {
        try {
            return Bytes.adopt(
                    ((ExtendedSSLSession) tls.getSession())
                            .exportKeyingMaterialData(
                                    EXPORTER_LABEL, new byte[0], PairingProof.EXPORTER_BYTES));
        } catch (IOException failed) {
            throw broken("its keys cannot be exported", failed);
        }
    }

    /** Does {@code step} over this link, with the errors of {@link Deadline#within}. */
    <T> T within(long millis, Supplier<T> step) {
        return Deadline.within(millis, raw, step);
    }

    /** Bounds the silence that {@link #receive} bears from now on. */
    void limitSilence(long idleMillis) {
        try {
            tls.setSoTimeout(Math.toIntExact(idleMillis));
        } catch (IOException failed) {
            throw broken("it is closed", failed);
        }
    }

    @Override
    public void send(Bytes frame) {
        Limits.check("frame in bytes", frame.size(), FRAME_BYTES_MAX);
        byte[] wire = new byte[LENGTH_BYTES + frame.size()];
        ByteBuffer.wrap(wire).putInt(frame.size());
        frame.copyTo(wire, LENGTH_BYTES);
        try {
            out.write(wire);
            out.flush();
        } catch (IOException failed) {
            throw broken("a frame could not be sent", failed);
        }
    }

    @Override
    public Bytes receive() {
        return receive(FRAME_BYTES_MAX);
    }

    /** As {@link #receive()}, for a frame of at most {@code bytesMax}. */
    Bytes receive(int bytesMax) {
        try {
            int length = ByteBuffer.wrap(read(LENGTH_BYTES)).getInt();
            if (length < 0 || length > bytesMax) {
                throw new LoamException(
                        ErrorCode.LIMIT_EXCEEDED,
                        "the other side announced a frame of "
                                + Integer.toUnsignedString(length)
                                + " bytes, "
                                + bytesMax
                                + " are allowed");
            }
            return Bytes.adopt(read(length));
        } catch (SocketTimeoutException silent) {
            throw broken("the other side fell silent", silent);
        } catch (IOException failed) {
            throw broken("no whole frame came", failed);
        }
    }

    private byte[] read(int length) throws IOException {
        byte[] content = new byte[length];
        if (in.readNBytes(content, 0, length) < length) {
            throw new IOException("the other side closed the connection");
        }
        return content;
    }

    /** A link that failed once stays broken: where the next frame begins is unknown. */
    private LoamException broken(String what, IOException cause) {
        if (!closed.getAndSet(true)) {
            release();
        }
        return new LoamException(
                ErrorCode.CONNECTION,
                "the connection to device "
                        + peer()
                        + " broke: "
                        + what
                        + "; try again, nothing that arrived is lost",
                cause);
    }

    /**
     * {@inheritDoc} What was sent before still arrives: a socket that is closed while something
     * lies in it unread takes along what the other side has not read either, so the rest is read
     * away until the other side closes too, for a moment at most.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Deadline deadline = Deadline.start(FAREWELL_MILLIS, raw);
        try {
            // May wait behind a sender that is stuck; then the deadline ends both.
            tls.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // What cannot be told to the other side any more it will notice by itself.
        } finally {
            deadline.close();
            release();
        }
    }

    private void release() {
        try {
            raw.close();
        } catch (IOException gone) {
            // A socket that fails to close is closed.
        }
    }
}
