namespace SafeTools.Tests.Providers.LocalVolume;

/// <summary>Stands for the process dying at that point: nothing in the provider catches it.</summary>
internal sealed class CrashException : Exception;
