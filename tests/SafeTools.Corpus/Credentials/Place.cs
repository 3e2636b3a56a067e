namespace SafeTools.Corpus.Credentials;

internal enum Place
{
    Primary,
    Standby,
}
