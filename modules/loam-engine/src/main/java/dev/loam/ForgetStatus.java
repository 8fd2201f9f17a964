package dev.loam;

import dev.loam.core.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where what was forgotten of a vault is gone.
 *
 * @param devices all that are in the vault, this one too, by id
 */
public record ForgetStatus(List<Device> devices) {
    public ForgetStatus {
        devices = List.copyOf(devices);
    }

    /**
     * A device of the vault.
     *
     * @param hasErased whether it has said, in a batch that it signed, that nothing is left on its
     *     disk of anything that was forgotten of the vault as far as this store knows
     * @param lastSeen when it last wrote anything that has come here; empty if never
     */
    public record Device(DeviceId id, boolean hasErased, Optional<Instant> lastSeen) {}

    /** How many have erased it. */
    public long erased() {
        return devices.stream().filter(Device::hasErased).count();
    }
}
