# Sourced by ./build and ./loam: sets JAVA_HOME to a JDK 25 or newer, or prints one line and exits with 1.
# A candidate counts when it has bin/javac and the JAVA_VERSION of its `release` file is 25 or more.

loam_jdk_ok() {
    [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    loam_jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ -n "$loam_jdk_version" ] && [ "$loam_jdk_version" -ge 25 ]
}

loam_find_jdk() {
    for loam_jdk in "${LOAM_JAVA_HOME:-}" "${JAVA_HOME:-}" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if loam_jdk_ok "$loam_jdk"; then
            JAVA_HOME=$loam_jdk
            PATH=$JAVA_HOME/bin:$PATH
            export JAVA_HOME PATH
            return 0
        fi
    done
    echo "Loam needs a JDK 25 or newer and found none in LOAM_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, mise, Homebrew or the macOS JVM folders: install one or set LOAM_JAVA_HOME to it." >&2
    exit 1
}
