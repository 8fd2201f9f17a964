# Sourced by `loam`. A descriptor that whoever starts us has closed would be given to the first file that the JVM opens:
# it would read its own files as its input.

loam_open_descriptors() {
    # Copied to another number: onto itself some shells copy nothing and find no fault. With stderr closed nobody hears it.
    { true 3>&2; } || exec 2>/dev/null
    { true 3<&0; } 2>/dev/null || exec </dev/null
    # Opened for reading, so that what is written is refused and not lost in silence.
    { true 3>&1; } 2>/dev/null || exec 1</dev/null
}
