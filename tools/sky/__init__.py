"""What the weather node needs: Open-Meteo's answers, and words for them."""
