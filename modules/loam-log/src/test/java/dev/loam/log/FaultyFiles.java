package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Fails at the nth call with what the operating system would say: once, or from there on until the
 * fault is {@link #mend mended}.
 */
final class FaultyFiles implements StoreFiles {
    static final String DISK_FULL = "No space left on device";
    static final String BROKEN = "Input/output error";

    private final StoreFiles files = new QuickFiles();
    private final String reason;
    private int callsLeft;
    private boolean isForceOnly;
    private boolean isLasting;
    private boolean isRoomOnly;

    private FaultyFiles(String reason, int failingCall) {
        this.reason = reason;
        this.callsLeft = failingCall;
    }

    /** Fails at the nth call of any kind, from 1. */
    static FaultyFiles failingAt(int call, String reason) {
        return new FaultyFiles(reason, call);
    }

    /** Fails only once {@link #failAt} was called. */
    static FaultyFiles armedLater(String reason) {
        return new FaultyFiles(reason, Integer.MAX_VALUE);
    }

    /** Fails at the nth call from now, from 1. */
    void failAt(int call) {
        callsLeft = call;
    }

    /** Fails at the nth call of any kind, from 1, and at all that follow. */
    static FaultyFiles failingFrom(int call, String reason) {
        FaultyFiles files = new FaultyFiles(reason, call);
        files.isLasting = true;
        return files;
    }

    /** The same among the calls that take room: a disk that is full refuses no other. */
    static FaultyFiles fullFrom(int call) {
        FaultyFiles files = failingFrom(call, DISK_FULL);
        files.isRoomOnly = true;
        return files;
    }

    /** Ends a lasting fault. */
    void mend() {
        isLasting = false;
    }

    /** Fails at the next force of a file once {@link #failNextForce} was called. */
    static FaultyFiles sound() {
        return new FaultyFiles(BROKEN, 0);
    }

    void failNextForce() {
        callsLeft = 1;
        isForceOnly = true;
    }

    boolean hasFailed() {
        return callsLeft <= 0;
    }

    private void beforeCall() throws IOException {
        if (!isForceOnly && !isRoomOnly) {
            count();
        }
    }

    private void beforeTakingRoom() throws IOException {
        if (!isForceOnly) {
            count();
        }
    }

    private void count() throws IOException {
        callsLeft--;
        if (callsLeft == 0 || (isLasting && callsLeft < 0)) {
            throw new IOException(reason);
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        beforeTakingRoom();
        files.createDirectory(directory);
    }

    @Override
    public void restrict(Path file) throws IOException {
        beforeCall();
        files.restrict(file);
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        beforeTakingRoom();
        files.replace(file, content);
    }

    @Override
    public void allocate(Path file, long bytes) throws IOException {
        beforeTakingRoom();
        files.allocate(file, bytes);
    }

    @Override
    public void requireRoom(Path directory, long bytes) throws IOException {
        beforeTakingRoom();
        files.requireRoom(directory, bytes);
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        beforeTakingRoom();
        files.fillWithZeros(channel, from, to);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        if (isForceOnly) {
            count();
        }
        beforeCall();
        files.force(channel);
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        beforeCall();
        files.forceNew(channel);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        beforeCall();
        files.forceDirectory(directory);
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        beforeCall();
        files.truncate(channel, bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        beforeCall();
        files.rename(from, to);
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        beforeCall();
        files.deleteFile(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        beforeCall();
        files.deleteDirectory(directory);
    }
}
