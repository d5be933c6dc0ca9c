/**
 * For Prosody, where large files go through it: it rests for a moment after each read that leaves something to be read, and with 4 KiB, its
 * default, that alone decides how long 100 MB take (2 MB a second on an idle machine). Not for everybody: how much is read at
 * once is also how exactly limits of rate and of size are kept.
 */
export const LARGE_FILES = "network_default_read_size = 128 * 1024\n";
