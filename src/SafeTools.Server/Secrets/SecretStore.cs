using SafeTools.Server.State;

namespace SafeTools.Server.Secrets;

/// <summary>
/// The encrypted store in the state folder. Two files: what is kept, and the key that opens it. Reading takes no lock, for each file is only ever
/// replaced whole; changes take turns over all processes.
/// </summary>
/// <param name="folder">The state folder, absolute. Made by the first write.</param>
internal sealed class SecretStore(string folder, TimeProvider clock)
{
    public const string FileName = "secrets.json";
    public const string KeyName = "secrets.key";

    /// <summary>A key that is about to take the other one's place: whichever of the two the store names opens it.</summary>
    public const string NextKeyName = "secrets.key.next";

    private const int LargestStore = 16 * 1024 * 1024;
    private const int LargestKey = 1024;

    /// <summary>The other file may be replaced between the reading of two.</summary>
    private const int Looks = 3;

    /// <summary>The folder whose store this thread is changing, while it is the caller's code that runs.</summary>
    [ThreadStatic]
    private static string? s_changing;

    private string StorePath => Path.Combine(folder, FileName);

    private string KeyPath => Path.Combine(folder, KeyName);

    private string NextKeyPath => Path.Combine(folder, NextKeyName);

    /// <summary>What is kept now. Null with no reason: nothing was ever kept here.</summary>
    public StoredSecrets? Open(out Refusal? why) => Look(out why)?.Content;

    /// <summary>Null: <paramref name="change"/>, called once, is durable. What it throws changes nothing.</summary>
    /// <exception cref="SecretsException">It stands there, but nobody knows whether it would after a power failure.</exception>
    public Refusal? Change(Func<StoredSecrets, StoredSecrets> change) => Alone(held =>
    {
        s_changing = folder;
        var now = change(held.Content);
        s_changing = null;
        if (!ReferenceEquals(now, held.Content))
        {
            Write(held with { Content = now, Generation = held.Generation + 1 });
        }
    });

    /// <summary>Where it lies, for the person who mends it.</summary>
    public string Advice => $"The store of secrets is {StorePath}, its key {KeyPath}. docs/secrets.md says how to put copies of both back.";

    public Refusal? Put(string name, Secret value) => Change(content => content.With(name, value, clock.GetUtcNow()));

    /// <summary>
    /// Makes a new key and locks everything with it. The new key is kept beside the old one until the store names it, so that one of the two opens the
    /// store at every moment.
    /// </summary>
    public Refusal? RotateKey() => Alone(held =>
    {
        var next = StoreKey.Create();
        AtomicFile.Replace(NextKeyPath, next.ToFile());
        Write(held with { Key = next, Generation = held.Generation + 1 });
        AtomicFile.Rename(NextKeyPath, KeyPath);
    });

    private Refusal? Alone(Action<Held> work)
    {
        if (s_changing == folder)
        {
            throw new InvalidOperationException("The store cannot be changed from within a change of it.");
        }

        try
        {
            StoreFolder.PrepareFolder(folder);
            using var alone = FolderLock.Take(folder);
            if (alone is null)
            {
                return Unusable("Another process has held the store of secrets for too long.");
            }

            var held = Look(out var why);
            if (why is not null)
            {
                return why;
            }

            FinishRotation(held);
            work(held ?? Begin());
            return null;
        }
        catch (StoreException refused) when (s_changing is null)
        {
            return refused.Refusal;
        }
        catch (Exception fault) when (s_changing is null && (fault is IOException or UnauthorizedAccessException))
        {
            return Unusable("The store of secrets cannot be written: its disk may be full, or read-only.");
        }
        finally
        {
            s_changing = null;
        }
    }

    /// <summary>A key without a store is one whose making was interrupted.</summary>
    private Held Begin()
    {
        var (key, fault) = ReadKey(KeyPath);
        if (fault == FileFault.Absent)
        {
            key = StoreKey.Create();
            AtomicFile.Replace(KeyPath, key.ToFile());
        }

        var begun = new Held(StoredSecrets.CreateEmpty(), key ?? throw new IOException("The key's file holds no key."), 1);
        Write(begun);
        return begun;
    }

    /// <summary>What a process that was killed between two steps of <see cref="RotateKey"/> left.</summary>
    private void FinishRotation(Held? held)
    {
        if (!Path.Exists(NextKeyPath))
        {
            return;
        }

        if (held is not null && ReadKey(NextKeyPath).Key?.Id == held.Key.Id)
        {
            AtomicFile.Rename(NextKeyPath, KeyPath);
        }
        else
        {
            AtomicFile.Remove(NextKeyPath);
        }
    }

    private void Write(Held held) => AtomicFile.Replace(StorePath, SealedStore.Seal(held.Content, held.Key, held.Generation).ToFile());

    private Held? Look(out Refusal? why)
    {
        Held? held = null;
        why = null;
        for (var look = 0; look < Looks; look++)
        {
            held = LookOnce(out why, out var keyMayHaveMoved);
            if (!keyMayHaveMoved)
            {
                break;
            }
        }

        return held;
    }

    private Held? LookOnce(out Refusal? why, out bool keyMayHaveMoved)
    {
        (why, keyMayHaveMoved) = (null, false);
        var file = OwnedFile.Read(StorePath, LargestStore, rootMayOwn: false);
        if (file.Fault == FileFault.Absent)
        {
            return null;
        }

        why = Words(file.Fault, "The store of secrets");
        if (why is not null)
        {
            return null;
        }

        if (SealedStore.FromFile(file.Bytes, out var version) is not { } found)
        {
            why = version > SealedStore.Version
                ? Unusable("The store of secrets was written by a newer version of SafeTools. Use that one, or a newer one.")
                : Unusable("The store of secrets is damaged: its file is not whole, or is no store.");
            return null;
        }

        var (key, keyFault) = ReadKey(KeyPath);
        if (key?.Id != found.Key)
        {
            var next = ReadKey(NextKeyPath).Key;
            if (next?.Id != found.Key)
            {
                keyMayHaveMoved = true;
                why = keyFault == FileFault.Absent ? Unusable("The key of the store of secrets is missing.")
                    : Words(keyFault, "The key of the store of secrets")
                    ?? Unusable(key is null ? "The key of the store of secrets is damaged." : "The key of the store of secrets is not the one that locked it.");
                return null;
            }

            key = next;
        }

        if (found.Open(key!) is { } content)
        {
            return new Held(content, key!, found.Generation);
        }

        why = Unusable("The store of secrets is damaged: what its key opens is not what was locked.");
        return null;
    }

    private static (StoreKey? Key, FileFault Fault) ReadKey(string path)
    {
        var file = OwnedFile.Read(path, LargestKey, rootMayOwn: false);
        return (file.Bytes is { } bytes ? StoreKey.FromFile(bytes) : null, file.Fault);
    }

    private static Refusal? Words(FileFault fault, string what) => fault.Words(what) is { } words ? Unusable(words) : null;

    private static Refusal Unusable(string why) => RefusalCatalog.SecretStoreUnusable.Because(why);

    private sealed record Held(StoredSecrets Content, StoreKey Key, long Generation);
}
