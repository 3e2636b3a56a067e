using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Evidence of actions that set recovery points aside or take them back.</summary>
internal static class PointMoves
{
    public const string Aside = "aside", Kept = "kept";

    public static void Mark(OpenFolder points, string actionId, string recoveryPoint, string to) =>
        SmallFile.Write(points, Marker(actionId), new JsonObject { ["action"] = actionId, ["recovery_point"] = recoveryPoint, ["to"] = to });

    /// <summary>The recovery point that the action was about, and whether it is where the action put it; no id where the action left no mark.</summary>
    public static (string? Id, bool? Moved) Find(Scene scene, string actionId, string to)
    {
        var volume = scene.Request.Arguments.Text("volume");
        using var points = VolumeName.IsSafe(volume) ? scene.Backups?.Folder(volume) : null;
        if (points is null || SmallFile.Read(points, Marker(actionId)) is not { } mark || mark.Text("to") != to
            || mark.Text("recovery_point") is not { } id || !VolumeName.IsSafe(id))
            return (null, false);
        using var kept = Snapshot.Open(scene, volume, id);
        using var aside = Snapshot.OpenAside(scene, volume, id);
        return (id, kept is null == aside is null ? null : kept is not null == (to == Kept));
    }

    private static EntryName Marker(string actionId) => $".by-{actionId}.json";
}
