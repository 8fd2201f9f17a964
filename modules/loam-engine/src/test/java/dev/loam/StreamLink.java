package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A link over the streams of a process: each frame behind its length. */
final class StreamLink implements PeerLink {
    private final DeviceId peer;
    private final DataInputStream in;
    private final DataOutputStream out;

    StreamLink(DeviceId peer, InputStream in, OutputStream out) {
        this.peer = peer;
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    @Override
    public DeviceId peer() {
        return peer;
    }

    @Override
    public void send(Bytes frame) {
        try {
            out.writeInt(frame.size());
            out.write(frame.toArray());
            out.flush();
        } catch (IOException broken) {
            throw new LoamException(ErrorCode.CONNECTION, "the link is broken", broken);
        }
    }

    @Override
    public Bytes receive() {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return Bytes.adopt(frame);
        } catch (IOException broken) {
            throw new LoamException(ErrorCode.CONNECTION, "the link is broken", broken);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
            in.close();
        } catch (IOException brokenAlready) {
            return;
        }
    }
}
