package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device's key: made once, read in every form it was ever written in. */
class DeviceFileTest {
    @TempDir Path store;
    private SmallFile file;
    private DeviceFile device;

    @BeforeEach
    void begin() {
        file = new SmallFile(StoreFolder.plain(store), "device");
        device = new DeviceFile(StoreFolder.plain(store));
    }

    @Test
    void theKeyIsTheSameWheneverItIsRead() {
        String id = device.readOrMake(true, new SecureRandom()).id().toString();
        assertThat(device.readOrMake(false, new SecureRandom()).id()).hasToString(id);
    }

    @Test
    void aFileWithoutThePublicKeyIsRead() {
        String id = device.readOrMake(true, new SecureRandom()).id().toString();
        file.write(file.read().orElseThrow().subList(0, 1));
        assertThat(device.readOrMake(false, new SecureRandom()).id()).hasToString(id);
    }

    @Test
    void aKeyThatIsMissingIsNotMadeAgainWhereItHasWritten() {
        assertCode(ErrorCode.CORRUPT, () -> device.readOrMake(false, new SecureRandom()));
    }
}
