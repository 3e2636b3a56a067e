namespace SafeTools.CrashTracer;

/// <summary>
/// The kernel's calls that change a file system, by number for each architecture (asm/unistd_64.h, asm-generic/unistd.h).
/// What the traced program changes it changes through one of these, whoever wrote the code.
/// </summary>
internal static class SystemCalls
{
    private const uint X64 = 0xC000003E;
    private const uint Arm64 = 0xC00000B7;

    private static readonly Dictionary<ulong, Call> OnX64 = new()
    {
        [1] = new("write", Kind.Write), [18] = new("pwrite64", Kind.Write), [20] = new("writev", Kind.Write), [296] = new("pwritev", Kind.Write),
        [328] = new("pwritev2", Kind.Write), [40] = new("sendfile", Kind.Write), [326] = new("copy_file_range", Kind.CopyRange), [16] = new("ioctl", Kind.Control),
        [74] = new("fsync", Kind.OnFile), [75] = new("fdatasync", Kind.OnFile), [77] = new("ftruncate", Kind.OnFile), [285] = new("fallocate", Kind.OnFile),
        [91] = new("fchmod", Kind.OnFile), [93] = new("fchown", Kind.OnFile), [190] = new("fsetxattr", Kind.OnFile), [280] = new("utimensat", Kind.OnPath),
        [76] = new("truncate", Kind.OnPath), [82] = new("rename", Kind.OnPath), [264] = new("renameat", Kind.OnPath), [316] = new("renameat2", Kind.OnPath),
        [83] = new("mkdir", Kind.OnPath), [258] = new("mkdirat", Kind.OnPath), [84] = new("rmdir", Kind.OnPath), [87] = new("unlink", Kind.OnPath),
        [263] = new("unlinkat", Kind.OnPath), [86] = new("link", Kind.OnPath), [265] = new("linkat", Kind.OnPath), [88] = new("symlink", Kind.OnPath),
        [266] = new("symlinkat", Kind.OnPath), [90] = new("chmod", Kind.OnPath), [268] = new("fchmodat", Kind.OnPath), [452] = new("fchmodat2", Kind.OnPath),
        [92] = new("chown", Kind.OnPath), [94] = new("lchown", Kind.OnPath), [260] = new("fchownat", Kind.OnPath), [133] = new("mknod", Kind.OnPath),
        [259] = new("mknodat", Kind.OnPath), [188] = new("setxattr", Kind.OnPath), [189] = new("lsetxattr", Kind.OnPath), [85] = new("creat", Kind.OnPath),
        [2] = new("open", Kind.Open), [257] = new("openat", Kind.OpenAt), [437] = new("openat2", Kind.OnPath),
    };

    private static readonly Dictionary<ulong, Call> OnArm64 = new()
    {
        [64] = new("write", Kind.Write), [68] = new("pwrite64", Kind.Write), [66] = new("writev", Kind.Write), [70] = new("pwritev", Kind.Write),
        [287] = new("pwritev2", Kind.Write), [71] = new("sendfile", Kind.Write), [285] = new("copy_file_range", Kind.CopyRange), [29] = new("ioctl", Kind.Control),
        [82] = new("fsync", Kind.OnFile), [83] = new("fdatasync", Kind.OnFile), [46] = new("ftruncate", Kind.OnFile), [47] = new("fallocate", Kind.OnFile),
        [52] = new("fchmod", Kind.OnFile), [55] = new("fchown", Kind.OnFile), [7] = new("fsetxattr", Kind.OnFile), [88] = new("utimensat", Kind.OnPath),
        [45] = new("truncate", Kind.OnPath), [38] = new("renameat", Kind.OnPath), [276] = new("renameat2", Kind.OnPath), [34] = new("mkdirat", Kind.OnPath),
        [35] = new("unlinkat", Kind.OnPath), [37] = new("linkat", Kind.OnPath), [36] = new("symlinkat", Kind.OnPath), [53] = new("fchmodat", Kind.OnPath),
        [452] = new("fchmodat2", Kind.OnPath), [54] = new("fchownat", Kind.OnPath), [33] = new("mknodat", Kind.OnPath), [5] = new("setxattr", Kind.OnPath),
        [6] = new("lsetxattr", Kind.OnPath), [56] = new("openat", Kind.OpenAt), [437] = new("openat2", Kind.OnPath),
    };

    internal enum Kind
    {
        /// <summary>Bytes into the file of the first argument.</summary>
        Write,

        /// <summary>Bytes into the file of the third argument.</summary>
        CopyRange,

        /// <summary>A change only where it is FICLONE or FICLONERANGE.</summary>
        Control,

        OnFile,

        OnPath,

        /// <summary>A change only where it may create or empty a file; flags in the second argument.</summary>
        Open,

        /// <summary>As <see cref="Open"/>, flags in the third.</summary>
        OpenAt,
    }

    public static Call? Find(uint architecture, ulong number) => architecture switch
    {
        X64 => OnX64.GetValueOrDefault(number),
        Arm64 => OnArm64.GetValueOrDefault(number),
        _ => throw new PlatformNotSupportedException(),
    };

    internal sealed record Call(string Name, Kind Kind);
}
