using System.Text;
using SafeTools.Server.Hardening;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Secrets;

/// <summary>Secrets in files that the policy names: a file that is the value, and a file of variables that holds it.</summary>
internal static class SecretFiles
{
    /// <summary>In bytes: a file of variables holds more than the one.</summary>
    private const int Largest = 1024 * 1024;

    public static SecretRead ReadWhole(string path)
    {
        var file = OwnedFile.Read(path, SecretValues.Longest, rootMayOwn: true);
        return file.Fault.Words("The secret's file") is { } fault ? Missing(fault)
            : SecretValues.Text(file.Bytes) is { Length: > 0 } value ? new SecretRead.Found(new Secret(value))
            : Missing("The secret's file holds no value, or is no text.");
    }

    public static SecretRead ReadVariable(string path, string variable)
    {
        var file = OwnedFile.Read(path, Largest, rootMayOwn: true);
        return file.Fault.Words("The file of variables") is { } fault ? Missing(fault)
            : VariableFileText.Find(file.Bytes, variable, out var why) is not { } found ? Missing(why!)
            : found.Value is not { } value ? Missing("The variable is written so that docker, systemd, dotenv and sh would not all read the same value.")
            : value.Length == 0 ? Missing("The variable is empty in its file.")
            : new SecretRead.Found(new Secret(value));
    }

    public static Refusal? WriteWhole(string path, Secret value) => Write(path, "The secret's file", Largest, file => file.Fault switch
    {
        FileFault.None or FileFault.Absent or FileFault.TooLarge => (Encoding.UTF8.GetBytes(value.Reveal()), null),
        FileFault.Link or FileFault.NotPlain or FileFault.OpenToOthers or FileFault.ForeignOwner or FileFault.Unreadable => (null, file.Fault.Words("The secret's file")),
    });

    public static Refusal? WriteVariable(string path, string variable, Secret value) => Write(path, "The file of variables", Largest, file =>
    {
        if (file.Fault.Words("The file of variables") is { } fault)
        {
            return (null, fault);
        }

        var found = VariableFileText.Find(file.Bytes, variable, out var why);
        return (found?.With(value.Reveal()), why ?? "In its file the value cannot be written so that docker, systemd, dotenv and sh all read the same.");
    });

    /// <param name="content">Given the file as it is, what it is to be; or why not.</param>
    private static Refusal? Write(string path, string what, int most, Func<OwnedFile, (byte[]? Content, string? Why)> content)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && new FolderTrust(Ownership.OfThisProcess).Fault(what, Path.GetDirectoryName(path)!, stickyWillDo: true) is not null)
            {
                return No($"{what} lies where other users could change or replace it.");
            }

            using var alone = FolderLock.Take(Path.GetDirectoryName(path)!);
            if (alone is null)
            {
                return No("Another process has held the secret's folder for too long.");
            }

            // Read under the lock: two writers of two variables in one file must not lose one of them.
            var (bytes, why) = content(OwnedFile.Read(path, most, rootMayOwn: false));
            if (bytes is null)
            {
                return No(why!);
            }

            AtomicFile.Replace(path, bytes);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return No($"{what} has no folder to lie in.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return No($"{what} cannot be written: its disk may be full or read-only, or the folder is not this user's.");
        }
    }

    private static SecretRead.Missing Missing(string why) => new(RefusalCatalog.SecretMissing.Because(why));

    private static Refusal No(string why) => RefusalCatalog.SecretNotWritable.Because(why);
}
