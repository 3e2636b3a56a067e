#!/bin/sh
# Makes the volumes that the policy names. Run it again for fresh ones.
set -eu
cd "$(dirname "$0")"
rm -rf sandbox
mkdir -p sandbox/volumes/scratch sandbox/backups
printf 'nobody would miss this\n' > sandbox/volumes/scratch/notes.txt
